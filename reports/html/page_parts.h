#pragma once

// What the page's sections are made of: headed sections, tables that sort, figures with their data.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/charts/plot.h"
#include "reports/markup/element.h"
#include "reports/stats/sample.h"

namespace glimpse::reports {

// Names longer than that are cut; their beginning tells them apart.
inline constexpr std::size_t kLongestName = 80;

// A name that runs from right to left turns nothing around it.
Element make_name(std::string_view utf8);
Element make_paragraph(std::string_view utf8);
Element make_note(std::string_view utf8);  // set smaller
Element make_section(TagName id, std::string_view title);

// Stays in sight where its table scrolls.
Element make_caption(const Id& id, std::string_view utf8);
Element row_heading(std::string_view utf8);
Element text_cell(std::string_view utf8);
Element name_cell(std::string_view utf8);
// Shown as `shown`, sorted by the number. Nothing shows as a dash and sorts last.
Element number_cell(std::string_view shown, std::optional<double> value);
Element fixed_cell(std::optional<double> value, int decimals);
// "1.44 to 1.60".
Element interval_cell(const std::optional<Interval>& interval, int decimals);
Element count_cell(std::size_t count);

// Of a list: more tell a reader nothing, and make large pages.
inline constexpr std::size_t kMostRows = 400;
template <typename Row>
std::vector<Row> keep_first(const std::vector<Row>& rows) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(rows.size(), kMostRows));
  return {rows.begin(), rows.begin() + count};
}
// Says so where some of `all` rows are missing.
void note_missing_rows(Element& section, std::size_t all);

struct Column {
  std::string name;
  bool is_number = false;
};

class DataTable {
 public:
  DataTable(const Id& id, std::string caption, std::vector<Column> columns);

  // The first cell is a row_heading.
  void add(const std::vector<Element>& cells);
  void add(Element row, const std::vector<Element>& cells);
  // Wide tables scroll within themselves, also by keyboard.
  [[nodiscard]] Element render() const;

 private:
  Id id_;
  std::string caption_;
  std::vector<Column> columns_;
  Element body_{"tbody"};
};

// The same drawing for wide and for narrow pages, of which one shows.
struct Drawings {
  Element wide;
  Element narrow;
};
inline constexpr double kWide = 960;
inline constexpr double kNarrow = 350;

// A figure; the numbers in it stand behind a line that opens, or is open from the start where they
// say more than the drawing.
enum class DataPlace { kClosed, kOpen };
Element make_figure(const std::vector<Element>& drawings,
                    std::string_view caption,
                    const DataTable& data);
Element make_figure(const Drawings& drawings,
                    std::string_view caption,
                    const DataTable& data,
                    DataPlace place = DataPlace::kClosed);

}  // namespace glimpse::reports
