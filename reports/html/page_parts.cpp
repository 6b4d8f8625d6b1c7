#include "reports/html/page_parts.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "reports/charts/number_text.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x93";

// To twelve digits: the last ones of a double differ between mathematical libraries.
std::string sort_key(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 12);
  return {text.data(), end.ptr};
}

Element with_data(Element figure,
                  std::string_view caption,
                  const DataTable& data,
                  DataPlace place) {
  figure.add(Element("figcaption").text(caption));
  Element details("details");
  if (place == DataPlace::kOpen) {
    details.set("open");
  }
  return figure.add(details.add(Element("summary").text("Data")).add(data.render()));
}

}  // namespace

Element make_name(std::string_view utf8) {
  const std::string shown = cut_to_width(escape_controls(utf8), kLongestName);
  return Element("bdi").text(shown);
}

Element make_paragraph(std::string_view utf8) {
  return Element("p").text(utf8);
}

Element make_note(std::string_view utf8) {
  return Element("p").set_class("note").text(utf8);
}

void note_missing_rows(Element& section, std::size_t all) {
  if (all > kMostRows) {
    section.add(make_note("Shown are the first " + std::to_string(kMostRows) + " of " +
                          std::to_string(all) + '.'));
  }
}

Element make_section(TagName id, std::string_view title) {
  const Id place(id);
  const Id heading = place.with(0);
  return Element("section")
      .set_id(place)
      .set("aria-labelledby", heading.text())
      .add(Element("h2").set_id(heading).text(title));
}

Element make_caption(const Id& id, std::string_view utf8) {
  return Element("caption").set_id(id).add(Element("span").text(utf8));
}

Element row_heading(std::string_view utf8) {
  return Element("th").set("scope", "row").add(make_name(utf8));
}

Element text_cell(std::string_view utf8) {
  return Element("td").text(utf8);
}

Element name_cell(std::string_view utf8) {
  return Element("td").set_class("name").add(make_name(utf8));
}

Element number_cell(std::string_view shown, std::optional<double> value) {
  Element cell("td");
  cell.set_class("number");
  if (value && !std::isfinite(*value)) {
    value.reset();
  }
  if (value) {
    cell.set("data-v", sort_key(*value));
  }
  return cell.text(value ? shown : kDash);
}

Element fixed_cell(std::optional<double> value, int decimals) {
  return number_cell(value ? render_fixed(*value, decimals) : "", value);
}

Element interval_cell(const std::optional<Interval>& interval, int decimals) {
  if (!interval) {
    return number_cell("", std::nullopt);
  }
  return number_cell(
      render_fixed(interval->low, decimals) + " to " + render_fixed(interval->high, decimals),
      interval->low);
}

Element count_cell(std::size_t count) {
  return number_cell(std::to_string(count), static_cast<double>(count));
}

DataTable::DataTable(const Id& id, std::string caption, std::vector<Column> columns)
    : id_(id), caption_(std::move(caption)), columns_(std::move(columns)) {}

void DataTable::add(const std::vector<Element>& cells) {
  add(Element("tr"), cells);
}

void DataTable::add(Element row, const std::vector<Element>& cells) {
  for (const Element& cell : cells) {
    row.add(cell);
  }
  body_.add(row);
}

Element DataTable::render() const {
  Element heads("tr");
  for (const Column& column : columns_) {
    Element head("th");
    head.set("scope", "col").text(cut_to_width(escape_controls(column.name), kLongestName));
    if (column.is_number) {
      head.set_class("number");
    }
    heads.add(head);
  }
  const Id caption = id_.with(0);
  Element table("table");
  table.set_class("sortable").set_id(id_);
  table.add(make_caption(caption, caption_));
  table.add(Element("thead").add(heads)).add(body_);
  return Element("div")
      .set_class("scroll")
      .set("tabindex", "0")
      .set("role", "region")
      .set("aria-labelledby", caption.text())
      .add(table);
}

Element make_figure(const std::vector<Element>& drawings,
                    std::string_view caption,
                    const DataTable& data) {
  Element row("div");
  row.set_class("panels");
  for (const Element& drawing : drawings) {
    row.add(drawing);
  }
  return with_data(Element("figure").add(row), caption, data, DataPlace::kClosed);
}

Element make_figure(const Drawings& drawings,
                    std::string_view caption,
                    const DataTable& data,
                    DataPlace place) {
  Element pad("div");
  pad.set_class("pad")
      .add(Element("div").set_class("wide").add(drawings.wide))
      .add(Element("div").set_class("narrow").add(drawings.narrow));
  return with_data(Element("figure").add(pad), caption, data, place);
}

}  // namespace glimpse::reports
