#include "reports/reading/rows.h"

#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

class RowSink : public storage::QuerySink {
 public:
  explicit RowSink(const std::function<void(Cells)>& use) : use_(use) {}
  void columns(std::span<const std::string> /*names*/) override {}
  void row(Cells cells) override { use_(cells); }

 private:
  const std::function<void(Cells)>& use_;
};

}  // namespace

void for_each_row(storage::Query& results,
                  std::string_view sql,
                  const std::vector<storage::QueryParameter>& parameters,
                  const std::function<void(Cells)>& use) {
  RowSink sink(use);
  results.run(sql, parameters, sink);
}

std::string text_of(const storage::Cell& cell) {
  const auto* const text = std::get_if<std::string_view>(&cell);
  return text == nullptr ? "" : replace_invalid(*text);
}

std::optional<std::int64_t> maybe_integer(const storage::Cell& cell) {
  const auto* const number = std::get_if<std::int64_t>(&cell);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::int64_t integer_of(const storage::Cell& cell) {
  return maybe_integer(cell).value_or(0);
}

std::optional<double> maybe_number(const storage::Cell& cell) {
  if (const auto whole = maybe_integer(cell)) {
    return static_cast<double>(*whole);
  }
  const auto* const number = std::get_if<double>(&cell);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace glimpse::reports
