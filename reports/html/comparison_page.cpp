#include "reports/html/comparison_page.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "reports/html/page_frame.h"
#include "reports/html/page_parts.h"
#include "reports/html/sections.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

std::optional<double> number_of(const Cell& cell) {
  if (const auto* const whole = std::get_if<std::int64_t>(&cell)) {
    return static_cast<double>(*whole);
  }
  const auto* const number = std::get_if<double>(&cell);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

bool is_number_column(const TextTable& table, std::size_t column) {
  return std::ranges::any_of(table.rows,
                             [&](const Row& row) { return number_of(row[column]).has_value(); });
}

DataTable make_table(const ComparisonPart& part, std::size_t number) {
  const TextTable& table = part.table;
  std::vector<Column> columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    columns.push_back({table.columns[i], is_number_column(table, i)});
  }
  DataTable rows(Id("part", number), part.title, columns);
  for (const Row& row : table.rows) {
    std::vector<Element> cells = {row_heading(render_short(row.front()))};
    for (std::size_t i = 1; i < row.size(); ++i) {
      const std::string text = render_short(row[i]);
      cells.push_back(columns[i].is_number ? number_cell(text, number_of(row[i]))
                                           : name_cell(text));
    }
    rows.add(cells);
  }
  return rows;
}

Element render_part(const ComparisonPart& part, std::size_t number) {
  Element section("section");
  section.add(Element("h2").text(part.title));
  return part.table.rows.empty() ? section.add(make_paragraph(part.nothing))
                                 : section.add(make_table(part, number).render());
}

}  // namespace

std::string render_comparison(const ComparisonContent& content) {
  Element header("header");
  header.add(Element("p").set_class("kind").text("Side by side"));
  header.add(Element("h1").add(make_name(content.title)));
  header.add(Element("p").set_class("lead").text(content.lead));
  header.add(make_scheme_switch());
  Element main("main");
  for (std::size_t i = 0; i < content.parts.size(); ++i) {
    main.add(render_part(content.parts[i], i));
  }
  main.add(render_curves(content.curves));
  return render_document(
      cut_to_width(escape_controls(content.title), kLongestName) + ": side by side", header, main);
}

}  // namespace glimpse::reports
