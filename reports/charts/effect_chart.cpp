#include "reports/charts/effect_chart.h"

#include <cstddef>

namespace glimpse::reports {
namespace {

constexpr double kTop = 22;
constexpr double kBottom = 34;

}  // namespace

Element draw_effect_chart(const EffectChart& chart, double width, double height) {
  Element svg = begin_chart(chart.text, width, height);
  const Scale scale(ScaleKind::kLinear, chart.y_domain, height - kBottom, kTop);
  const PlotBox box{axis_room(scale), kTop, width - 4, height - kBottom};
  draw_y_axis(svg, box, scale, chart.outcome);
  std::vector<std::string> words;
  std::vector<Point> means;
  for (const EffectPoint& point : chart.points) {
    means.push_back(
        {place_of_word(box, words.size(), chart.points.size()), scale.place(point.mean)});
    words.push_back(point.value);
  }
  draw_x_words(svg, box, words, chart.parameter);
  Element group("g");
  group.set_class("series s0");
  if (chart.has_order) {
    group.add(Element("path").set_class("join").set("d", path_through(means)));
  }
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (const std::optional<Interval>& interval = chart.points[i].interval) {
      group.add(draw_line({means[i].x, scale.place(interval->low)},
                          {means[i].x, scale.place(interval->high)})
                    .set_class("spread"));
    }
    group.add(draw_mark(0, means[i], 3.4));
  }
  svg.add(group);
  return svg;
}

}  // namespace glimpse::reports
