#include "reports/reading/query_table.h"

#include <utility>

#include "experiments/hash/sha256.h"

namespace glimpse::reports {
namespace {

class TableSink : public storage::QuerySink {
 public:
  void columns(std::span<const std::string> names) override {
    table_.columns.assign(names.begin(), names.end());
  }
  void row(std::span<const storage::Cell> cells) override {
    Row row;
    for (const storage::Cell& cell : cells) {
      row.push_back(to_cell(cell));
    }
    table_.rows.push_back(std::move(row));
  }
  [[nodiscard]] TextTable take() { return std::move(table_); }

 private:
  TextTable table_;
};

struct ToCell {
  Cell operator()(std::monostate) const { return std::monostate(); }
  Cell operator()(std::int64_t number) const { return number; }
  Cell operator()(double number) const { return number; }
  Cell operator()(std::string_view text) const { return std::string(text); }
  Cell operator()(std::span<const std::byte> bytes) const {
    std::string text;
    for (const std::byte byte : bytes) {
      const std::uint8_t value = std::to_integer<std::uint8_t>(byte);
      text += experiments::hex({&value, 1});
    }
    return text;
  }
};

}  // namespace

Cell to_cell(const storage::Cell& cell) {
  return std::visit(ToCell(), cell);
}

TextTable query_table(storage::Query& query,
                      std::string_view sql,
                      const std::vector<storage::QueryParameter>& parameters) {
  TableSink sink;
  query.run(sql, parameters, sink);
  return sink.take();
}

}  // namespace glimpse::reports
