#include "reports/charts/strip_chart.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace glimpse::reports {
namespace {

constexpr double kRowHeight = 26;
constexpr double kFoot = 36;
constexpr double kHead = 6;
constexpr double kGap = 8;

double widest(const std::vector<StripRow>& rows, std::string StripRow::*text, double most) {
  double width = 0;
  for (const StripRow& row : rows) {
    width = std::max(width, text_width(row.*text));
  }
  return std::min(width, most);
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
                  .add(draw_mark(3, {scale.place(*row.published), y}, 4.2)));
  }
  return group;
}

}  // namespace

Element draw_strip_chart(const StripChart& chart, double width) {
  const double labels = widest(chart.rows, &StripRow::label, 0.34 * width);
  const double notes = widest(chart.rows, &StripRow::note, 0.2 * width);
  const double bottom = kHead + kRowHeight * static_cast<double>(chart.rows.size());
  const PlotBox box{labels + kGap, kHead, width - notes - kGap, bottom};
  Element svg = begin_chart(chart.text, width, bottom + kFoot);
  const Scale scale(ScaleKind::kLinear,
                    pick_domain(all_values(chart.rows), ScaleKind::kLinear),
                    box.left,
                    box.right);
  draw_x_axis(svg, box, scale, chart.name);
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const StripRow& row = chart.rows[i];
    const double y = kHead + kRowHeight * (static_cast<double>(i) + 0.5);
    const double text_y = y + 0.35 * kTextSize;
    svg.add(draw_row(row, box, scale, y));
    svg.add(draw_text({labels, text_y}, Anchor::kEnd, fit_text(row.label, 0.34 * width))
                .set_class("label"));
    if (!row.note.empty()) {
      svg.add(draw_text({box.right + kGap, text_y}, Anchor::kStart, fit_text(row.note, 0.2 * width))
                  .set_class("quiet"));
    }
  }
  return svg;
}

}  // namespace glimpse::reports
