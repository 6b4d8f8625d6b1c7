#include "reports/charts/heat_map.h"

#include <algorithm>
#include <cstddef>

#include "reports/charts/color_ramp.h"
#include "reports/charts/number_text.h"

namespace glimpse::reports {
namespace {

constexpr double kFieldHeight = 34;
constexpr double kTop = 22;
constexpr double kFoot = 78;  // axis, its name, and the scale of colours
constexpr int kRampSteps = 32;

Interval range_of(const HeatMap& map) {
  std::vector<double> values;
  for (const auto& row : map.fields) {
    for (const std::optional<double>& field : row) {
      if (field) {
        values.push_back(*field);
      }
    }
  }
  if (values.empty()) {
    return {0, 1};
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

double share_of(const Interval& range, double value) {
  return range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
}

Element draw_field(const HeatMap& map,
                   const PlotBox& box,
                   const std::optional<double>& value,
                   const Interval& range) {
  Element group("g");
  const double middle = (box.left + box.right) / 2;
  const Point at{middle, (box.top + box.bottom) / 2 + 0.35 * kTextSize};
  if (!value) {
    group.add(draw_rect(box).set_class("hollow"));
    group.add(draw_text(at, Anchor::kMiddle, "\xe2\x80\x93").set_class("quiet"));
    return group;
  }
  const double share = share_of(range, *value);
  group.add(draw_rect(box).set("fill", ramp_color(share)));
  const std::string number = render_fixed(*value, map.decimals);
  if (text_width(number) < box.right - box.left) {
    group.add(draw_text(at, Anchor::kMiddle, number).set_class(is_dark(share) ? "white" : "black"));
  } else {
    group.add(Element("title").text(number));
  }
  return group;
}

Element draw_ramp(const HeatMap& map, const PlotBox& box, const Interval& range) {
  Element group("g");
  group.set_class("axis");
  const double step = (box.right - box.left) / kRampSteps;
  for (int i = 0; i < kRampSteps; ++i) {
    const double left = box.left + step * i;
    // A little wider than the step: no seams.
    group.add(draw_rect({left, box.top, std::min(left + step + 0.3, box.right), box.bottom})
                  .set("fill", ramp_color((i + 0.5) / kRampSteps)));
  }
  const double y = box.bottom + kTextSize + 2;
  group.add(draw_text({box.left, y}, Anchor::kStart, render_fixed(range.low, map.decimals)));
  group.add(draw_text({box.right, y}, Anchor::kEnd, render_fixed(range.high, map.decimals)));
  group.add(draw_text({(box.left + box.right) / 2, y},
                      Anchor::kMiddle,
                      fit_text(map.value_name, box.right - box.left - 100))
                .set_class("name"));
  return group;
}

}  // namespace

Element draw_heat_map(const HeatMap& map, double width) {
  double labels = 24;
  for (const std::string& value : map.y_values) {
    labels = std::max(labels, text_width(value));
  }
  labels = std::min(labels, 0.3 * width);
  const double bottom = kTop + kFieldHeight * static_cast<double>(map.y_values.size());
  const PlotBox box{labels + 8, kTop, width - 4, bottom};
  Element svg = begin_chart(map.text, width, bottom + kFoot);
  svg.add(draw_text({2, kTextSize}, Anchor::kStart, fit_text(map.y_name, width)).set_class("name"));
  const Interval range = range_of(map);
  const double step =
      (box.right - box.left) / static_cast<double>(std::max<std::size_t>(map.x_values.size(), 1));
  for (std::size_t y = 0; y < map.y_values.size(); ++y) {
    const double top = kTop + kFieldHeight * static_cast<double>(y);
    svg.add(draw_text({labels, top + kFieldHeight / 2 + 0.35 * kTextSize},
                      Anchor::kEnd,
                      fit_text(map.y_values[y], labels))
                .set_class("label"));
    for (std::size_t x = 0; x < map.x_values.size(); ++x) {
      const double left = box.left + step * static_cast<double>(x);
      svg.add(draw_field(map,
                         {left + 1, top + 1, left + step - 1, top + kFieldHeight - 1},
                         map.fields[y][x],
                         range));
    }
  }
  draw_x_words(svg, box, map.x_values, map.x_name);
  svg.add(draw_ramp(map, {box.left, bottom + 44, box.right, bottom + 54}, range));
  return svg;
}

}  // namespace glimpse::reports
