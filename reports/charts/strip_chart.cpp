#include "reports/charts/strip_chart.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace glimpse::reports {
namespace {

constexpr double kRowHeight = 28;
constexpr double kPublishedDrop = 8.5;  // below the seeds, which it would hide
constexpr double kFoot = 36;
constexpr double kHead = 6;
constexpr double kGap = 8;
constexpr double kMostNote = 0.24;  // of the width

std::vector<std::string> list_labels(const std::vector<StripRow>& rows) {
  std::vector<std::string> labels;
  labels.reserve(rows.size());
  for (const StripRow& row : rows) {
    labels.push_back(row.label);
  }
  return labels;
}

double note_room(const std::vector<StripRow>& rows, double width) {
  double room = 0;
  for (const StripRow& row : rows) {
    room = std::max(room, text_width(row.note));
  }
  return std::min(room, kMostNote * width);
}

std::vector<double> all_values(const std::vector<StripRow>& rows) {
  std::vector<double> values;
  for (const StripRow& row : rows) {
    values.insert(values.end(), row.values.begin(), row.values.end());
    if (row.interval) {
      values.push_back(row.interval->low);
      values.push_back(row.interval->high);
    }
    if (row.published) {
      values.push_back(*row.published);
    }
  }
  return values;
}

Element draw_row(const StripRow& row, const PlotBox& box, const Scale& scale, double y) {
  Element group("g");
  group.set_class("strip s0");
  group.add(draw_line({box.left, y}, {box.right, y}).set_class("grid"));
  if (row.interval) {
    group.add(
        draw_rect({scale.place(row.interval->low), y - 5, scale.place(row.interval->high), y + 5})
            .set_class("band"));
  }
  // Next to one another, so that equal values are seen as two.
  constexpr std::array kShift = {0.0, -3.5, 3.5};
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (scale.has_place(row.values[i])) {
      group.add(draw_mark(0, {scale.place(row.values[i]), y + kShift.at(i % kShift.size())}, 2.8));
    }
  }
  if (row.mean && scale.has_place(*row.mean)) {
    const double x = scale.place(*row.mean);
    group.add(draw_line({x, y - 8}, {x, y + 8}).set_class("middle"));
  }
  if (row.published && scale.has_place(*row.published)) {
    group.add(Element("g")
                  .set_class("published s1")
                  .add(draw_mark(3, {scale.place(*row.published), y + kPublishedDrop}, 3.4)));
  }
  return group;
}

}  // namespace

Element draw_strip_chart(const StripChart& chart, double width) {
  const RowLayout layout = lay_out_rows(list_labels(chart.rows), width, kRowHeight);
  // Above the strip, beside the name, is room for a note.
  const double notes = layout.is_stacked ? 0 : note_room(chart.rows, width) + kGap;
  const double bottom = kHead + layout.row_height * static_cast<double>(chart.rows.size());
  const PlotBox box{layout.left, kHead, width - notes - 4, bottom};
  Element svg = begin_chart(chart.text, width, bottom + kFoot);
  const Scale scale(ScaleKind::kLinear,
                    pick_domain(all_values(chart.rows), ScaleKind::kLinear),
                    box.left,
                    box.right);
  draw_x_axis(svg, box, scale, chart.name, scale.ticks(kXTicks));
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const StripRow& row = chart.rows[i];
    const double y = middle_of_row(layout, kHead, i);
    svg.add(draw_row(row, box, scale, y));
    svg.add(draw_row_label(layout, y, row.label));
    if (!row.note.empty()) {
      const std::string note = fit_text(row.note, kMostNote * width);
      svg.add((layout.is_stacked
                   ? draw_text({width, y - layout.label_rise}, Anchor::kEnd, note)
                   : draw_text({box.right + kGap, y + 0.35 * kTextSize}, Anchor::kStart, note))
                  .set_class("quiet"));
    }
  }
  return svg;
}

}  // namespace glimpse::reports
