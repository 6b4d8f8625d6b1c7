#include "launcher/children/order_text.h"

#include <cstring>
#include <stdexcept>

namespace glimpse::launcher {
namespace {

// Both ends are one program on one machine, so numbers go as they lie in memory.
class OrderWriter {
 public:
  void put(std::int64_t number) { text_.append(reinterpret_cast<const char*>(&number), kNumber); }
  void put(std::string_view text) {
    put(static_cast<std::int64_t>(text.size()));
    text_ += text;
  }
  template <typename Values, typename Put>
  void put_all(const Values& values, const Put& put_one) {
    put(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values) {
      put_one(value);
    }
  }
  [[nodiscard]] std::string take() && { return std::move(text_); }

  static constexpr std::size_t kNumber = sizeof(std::int64_t);

 private:
  std::string text_;
};

class OrderReader {
 public:
  explicit OrderReader(std::string_view text) : text_(text) {}

  std::int64_t number() {
    std::int64_t number = 0;
    std::memcpy(&number, take(OrderWriter::kNumber).data(), OrderWriter::kNumber);
    return number;
  }
  std::string text() { return std::string(take(static_cast<std::size_t>(number()))); }
  template <typename Take>
  void take_all(const Take& take_one) {
    for (std::int64_t left = number(); left > 0; --left) {
      take_one();
    }
  }
  void check_end() const { check(text_.empty()); }

 private:
  static void check(bool holds) {
    if (!holds) {
      throw std::runtime_error("read the order of a process: it is damaged");
    }
  }
  std::string_view take(std::size_t size) {
    check(size <= text_.size());
    const std::string_view taken = text_.substr(0, size);
    text_.remove_prefix(size);
    return taken;
  }

  std::string_view text_;
};

}  // namespace

std::string render_order(const ChildOrder& order) {
  OrderWriter writer;
  const auto put_text = [&](const std::string& text) { writer.put(text); };
  writer.put_all(order.arguments, put_text);
  writer.put_all(order.environment, put_text);
  writer.put(order.folder);
  writer.put_all(order.cores, [&](int core) { writer.put(std::int64_t{core}); });
  writer.put_all(order.rlimits, [&](const experiments::ResourceLimit& limit) {
    writer.put(limit.name);
    writer.put(static_cast<std::int64_t>(limit.value));
  });
  writer.put(std::int64_t{order.commands_at});
  writer.put(std::int64_t{order.records_at});
  writer.put(std::int64_t{order.has_warden ? 1 : 0});
  return std::move(writer).take();
}

ChildOrder parse_order(std::string_view text) {
  OrderReader reader(text);
  ChildOrder order;
  reader.take_all([&] { order.arguments.push_back(reader.text()); });
  reader.take_all([&] { order.environment.push_back(reader.text()); });
  order.folder = reader.text();
  reader.take_all([&] { order.cores.push_back(static_cast<int>(reader.number())); });
  reader.take_all([&] {
    std::string name = reader.text();
    order.rlimits.push_back({std::move(name), static_cast<std::uint64_t>(reader.number())});
  });
  order.commands_at = static_cast<int>(reader.number());
  order.records_at = static_cast<int>(reader.number());
  order.has_warden = reader.number() != 0;
  reader.check_end();
  return order;
}

}  // namespace glimpse::launcher
