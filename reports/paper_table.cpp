#include "reports/paper_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Parameter;
using experiments::Study;
using experiments::Table;
using experiments::Value;

constexpr int kErrorDecimals = 2;  // percent points
constexpr int kMostDecimals = 8;

int pick_decimals(const Table& table, const ResultTable& results) {
  if (table.metric.ends_with("_error")) {
    return kErrorDecimals;
  }
  double largest = 0;
  for (const ResultCell& cell : results.cells) {
    largest = std::max(largest, std::abs(cell.sample.mean));
  }
  constexpr int kSignificant = 4;
  return largest == 0
             ? kErrorDecimals
             : std::clamp(kSignificant - 1 - static_cast<int>(std::floor(std::log10(largest))),
                          0,
                          kMostDecimals);
}

// Where the study lists the value; those of ranges come behind, by size.
std::size_t listed_at(const Study& study, const std::string& name, const Value& value) {
  const auto parameter = std::ranges::find(study.parameters, name, &Parameter::name);
  if (parameter == study.parameters.end()) {
    return SIZE_MAX;
  }
  const auto* const values = std::get_if<std::vector<Value>>(&parameter->space);
  return values == nullptr
             ? SIZE_MAX
             : static_cast<std::size_t>(std::ranges::find(*values, value) - values->begin());
}

class Layout {
 public:
  Layout(const Study& study, const Table& table, const ResultTable& results)
      : study_(study), table_(table), results_(results) {
    printed_.row_name = table.rows.empty() ? "configuration" : table.rows;
    printed_.column_name = table.columns;
    printed_.metric = table.metric;
    printed_.decimals = pick_decimals(table, results);
  }

  PaperTable take() {
    collect_columns();
    for (const Value& column : columns_) {
      printed_.columns.push_back(experiments::render_plain(column));
    }
    if (columns_.empty()) {
      printed_.columns.emplace_back();
    }
    for (const std::size_t cell : in_order()) {
      place(cell);
    }
    return std::move(printed_);
  }

 private:
  [[nodiscard]] const Assignment& place_of(std::size_t cell) const {
    return results_.cells[cell].runs.place;
  }
  [[nodiscard]] bool is_before(const std::string& name, const Value& a, const Value& b) const {
    return std::pair(listed_at(study_, name, a), a) < std::pair(listed_at(study_, name, b), b);
  }

  void collect_columns() {
    for (const ResultCell& cell : results_.cells) {
      const auto found = cell.runs.place.find(table_.columns);
      if (found != cell.runs.place.end() &&
          std::ranges::find(columns_, found->second) == columns_.end()) {
        columns_.push_back(found->second);
      }
    }
    std::ranges::sort(
        columns_, [&](const Value& a, const Value& b) { return is_before(table_.columns, a, b); });
  }

  // By the rows' parameter; the rest stays in plan order.
  [[nodiscard]] std::vector<std::size_t> in_order() const {
    std::vector<std::size_t> order(results_.cells.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      const auto first = place_of(a).find(table_.rows);
      const auto second = place_of(b).find(table_.rows);
      const bool has_first = first != place_of(a).end();
      const bool has_second = second != place_of(b).end();
      return has_first && has_second ? is_before(table_.rows, first->second, second->second)
                                     : has_first && !has_second;
    });
    return order;
  }

  void place(std::size_t cell) {
    Assignment row = place_of(cell);
    const auto column = row.extract(table_.columns);
    const auto known = rows_.emplace(row, printed_.rows.size());
    if (known.second) {
      printed_.rows.push_back(
          {.label = describe_place(table_, row),
           .cells = std::vector<std::optional<std::size_t>>(printed_.columns.size())});
    }
    PaperRow& printed = printed_.rows[known.first->second];
    if (!column.empty()) {
      printed.cells[static_cast<std::size_t>(std::ranges::find(columns_, column.mapped()) -
                                             columns_.begin())] = cell;
    } else if (columns_.empty()) {
      printed.cells.front() = cell;
    } else {
      printed.across = cell;
    }
  }

  const Study& study_;
  const Table& table_;
  const ResultTable& results_;
  std::vector<Value> columns_;
  std::map<Assignment, std::size_t> rows_;
  PaperTable printed_;
};

}  // namespace

std::string print_fixed(double value, int decimals) {
  std::array<char, 400> buffer{};  // the longest double has 309 digits before its point
  const auto end = std::to_chars(
      buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return {buffer.data(), end.ptr};
}

PaperTable lay_out(const Study& study, const Table& table, const ResultTable& results) {
  return Layout(study, table, results).take();
}

PrintedFigure print_figure(const ResultCell& cell, int decimals) {
  if (!cell.is_complete) {
    return {};
  }
  PrintedFigure printed{.mean = print_fixed(cell.sample.mean, decimals)};
  if (cell.interval) {
    printed.half_width = print_fixed((cell.interval->high - cell.interval->low) / 2, decimals);
  }
  return printed;
}

std::string print_published(const Table& table, double value) {
  return print_fixed(value, published_decimals(table));
}

std::string describe_seeds(const ResultTable& results) {
  std::size_t fewest = SIZE_MAX;
  std::size_t most = 0;
  for (const ResultCell& cell : results.cells) {
    fewest = std::min(fewest, cell.sample.n);
    most = std::max(most, cell.sample.n);
  }
  if (results.cells.empty()) {
    return "n = 0";
  }
  return "n = " + (fewest == most ? std::to_string(most)
                                  : std::to_string(fewest) + " to " + std::to_string(most));
}

}  // namespace glimpse::reports
