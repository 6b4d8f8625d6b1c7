#include "reports/charts/bar_chart.h"

#include <algorithm>
#include <cstddef>

namespace glimpse::reports {
namespace {

constexpr double kRowHeight = 24;
constexpr double kGap = 8;
constexpr double kHead = 4;

}  // namespace

Element draw_bar_chart(const BarChart& chart, double width) {
  std::vector<std::string> labels;
  double texts = 0;
  double most = 0;
  for (const BarRow& row : chart.rows) {
    labels.push_back(row.label);
    texts = std::max(texts, text_width(row.text));
    most = std::max(most, row.value);
  }
  const RowLayout layout = lay_out_rows(labels, width, kRowHeight);
  const double room = std::max(width - layout.left - kGap - texts, 10.0);
  const double height = 2 * kHead + layout.row_height * static_cast<double>(chart.rows.size());
  Element svg = begin_chart(chart.text, width, height);
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const BarRow& row = chart.rows[i];
    const double y = middle_of_row(layout, kHead, i);
    const double end = layout.left + (most > 0 ? room * std::clamp(row.value / most, 0.0, 1.0) : 0);
    Element group("g");
    group.set_class("bar s0");
    group.add(draw_row_label(layout, y, row.label));
    group.add(draw_rect({layout.left, y - 6, end, y + 6}));
    group.add(draw_text({end + kGap, y + 0.35 * kTextSize}, Anchor::kStart, row.text));
    svg.add(group);
  }
  if (!layout.is_stacked) {  // it would cross the names
    svg.add(draw_line({layout.left, kHead}, {layout.left, height - kHead}).set_class("base"));
  }
  return svg;
}

}  // namespace glimpse::reports
