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
  double labels = 0;
  double texts = 0;
  double most = 0;
  for (const BarRow& row : chart.rows) {
    labels = std::max(labels, text_width(row.label));
    texts = std::max(texts, text_width(row.text));
    most = std::max(most, row.value);
  }
  labels = std::min(labels, 0.36 * width);
  const double left = labels + kGap;
  const double room = std::max(width - left - kGap - texts, 10.0);
  const double height = 2 * kHead + kRowHeight * static_cast<double>(chart.rows.size());
  Element svg = begin_chart(chart.text, width, height);
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const BarRow& row = chart.rows[i];
    const double y = kHead + kRowHeight * (static_cast<double>(i) + 0.5);
    const double text_y = y + 0.35 * kTextSize;
    const double length = most > 0 ? room * std::clamp(row.value / most, 0.0, 1.0) : 0;
    Element group("g");
    group.set_class("bar s0");
    group.add(
        draw_text({labels, text_y}, Anchor::kEnd, fit_text(row.label, labels)).set_class("label"));
    group.add(draw_rect({left, y - 6, left + length, y + 6}));
    group.add(draw_text({left + length + kGap, text_y}, Anchor::kStart, row.text));
    svg.add(group);
  }
  svg.add(draw_line({left, kHead}, {left, height - kHead}).set_class("base"));
  return svg;
}

}  // namespace glimpse::reports
