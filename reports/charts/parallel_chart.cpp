#include "reports/charts/parallel_chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "reports/charts/number_text.h"

namespace glimpse::reports {
namespace {

constexpr double kTop = 34;
constexpr double kFoot = 26;  // below an axis lies the place of lines without a value on it
constexpr double kSide = 34;
constexpr double kHold = 14;  // reach of an axis for a finger
constexpr std::size_t kShades = 5;

class ParallelPlot {
 public:
  ParallelPlot(const ParallelChart& chart, double width, double height)
      : chart_(chart), width_(width), bottom_(height - kFoot) {
    for (std::size_t axis = 0; axis < chart.axes.size(); ++axis) {
      scales_.push_back(make_scale(axis));
    }
  }

  [[nodiscard]] Element draw(double height) const {
    Element svg = begin_chart(chart_.text, width_, height);
    svg.set("data-axes", join_places());
    svg.set("data-top", render_coordinate(kTop)).set("data-bottom", render_coordinate(bottom_));
    const std::vector<std::size_t> shades = shade_lines();
    Element lines("g");
    lines.set_class("lines");
    // The best ones last, so that they lie on top.
    for (std::size_t shade = kShades; shade-- > 0;) {
      for (std::size_t i = 0; i < chart_.lines.size(); ++i) {
        if (shades[i] == shade) {
          lines.add(draw_trial(i, shade));
        }
      }
    }
    svg.add(lines);
    for (std::size_t axis = 0; axis < chart_.axes.size(); ++axis) {
      svg.add(draw_axis(axis));
    }
    return svg;
  }

 private:
  [[nodiscard]] Scale make_scale(std::size_t axis) const {
    const ParallelAxis& one = chart_.axes[axis];
    if (!one.words.empty()) {
      const double last = static_cast<double>(one.words.size()) - 1;
      return {ScaleKind::kLinear, {-0.25, last + 0.25}, bottom_, kTop};
    }
    std::vector<double> values;
    values.reserve(chart_.lines.size());
    for (const ParallelLine& line : chart_.lines) {
      values.push_back(line.values[axis].value_or(NAN));
    }
    return {one.kind, pick_domain(values, one.kind), bottom_, kTop};
  }

  [[nodiscard]] double x_of(std::size_t axis) const {
    const auto gaps = static_cast<double>(std::max<std::size_t>(chart_.axes.size(), 2) - 1);
    return kSide + (width_ - 2 * kSide) * static_cast<double>(axis) / gaps;
  }

  [[nodiscard]] double y_of(std::size_t line, std::size_t axis) const {
    const std::optional<double>& value = chart_.lines[line].values[axis];
    return value && scales_[axis].has_place(*value) ? scales_[axis].place(*value)
                                                    : bottom_ + 0.55 * kFoot;
  }

  [[nodiscard]] std::string join_places() const {
    std::string text;
    for (std::size_t axis = 0; axis < chart_.axes.size(); ++axis) {
      text += (axis > 0 ? "," : "") + render_coordinate(x_of(axis));
    }
    return text;
  }

  // Fifths of the lines by their outcome, the best ones 0.
  [[nodiscard]] std::vector<std::size_t> shade_lines() const {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < chart_.lines.size(); ++i) {
      const std::optional<double>& outcome = chart_.lines[i].values.back();
      const double value = outcome.value_or(NAN);
      order.emplace_back(std::isfinite(value) ? (chart_.is_small_good ? value : -value) : INFINITY,
                         i);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> shades(order.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
      shades[order[place].second] = place * kShades / order.size();
    }
    return shades;
  }

  [[nodiscard]] Element draw_trial(std::size_t line, std::size_t shade) const {
    std::vector<Point> points;
    std::string crossings;
    for (std::size_t axis = 0; axis < chart_.axes.size(); ++axis) {
      points.push_back({x_of(axis), y_of(line, axis)});
      crossings += (axis > 0 ? "," : "") + render_coordinate(points.back().y);
    }
    return Element("path")
        .set_class("q" + std::to_string(shade))
        .set("d", path_through(points))
        .set("data-y", crossings)
        .set("data-row", std::to_string(line))
        .set("data-label", chart_.lines[line].label);
  }

  [[nodiscard]] Element draw_axis(std::size_t axis) const {
    const ParallelAxis& one = chart_.axes[axis];
    const double x = x_of(axis);
    Element group("g");
    group.set_class("axis");
    group.add(draw_line({x, kTop}, {x, bottom_}).set_class("base"));
    group.add(draw_rect({x - kHold, kTop, x + kHold, bottom_ + kFoot}).set_class("hold"));
    const bool is_last = axis + 1 == chart_.axes.size();
    for (const Tick& tick : ticks_of(axis)) {
      const double y = scales_[axis].place(tick.value);
      group.add(draw_line({x - 3, y}, {x + 3, y}).set_class("base"));
      const std::string label = fit_text(tick.label, room_for_text() - 10);
      // A halo in the page's colour keeps it readable on the lines.
      group.add(draw_text({is_last ? x - 6 : x + 6, y + 0.35 * kTextSize},
                          is_last ? Anchor::kEnd : Anchor::kStart,
                          label)
                    .set_class("halo"));
    }
    if (has_gaps(axis)) {
      group.add(
          draw_text({x + 6, bottom_ + 0.55 * kFoot + 0.35 * kTextSize}, Anchor::kStart, "none")
              .set_class("halo"));
    }
    const bool is_first = axis == 0;
    const double name_x = is_first ? 2 : is_last ? width_ - 2 : x;
    const Anchor anchor = is_first ? Anchor::kStart : is_last ? Anchor::kEnd : Anchor::kMiddle;
    // Neighbours' names take turns on two lines, so that both have room.
    const double name_y = axis % 2 == 0 ? kTextSize : 2 * kTextSize + 1;
    group.add(draw_text({name_x, name_y}, anchor, fit_text(one.name, 1.7 * room_for_text()))
                  .set_class("name"));
    return group;
  }

  [[nodiscard]] double room_for_text() const { return x_of(1) - x_of(0); }

  [[nodiscard]] bool has_gaps(std::size_t axis) const {
    return std::any_of(chart_.lines.begin(), chart_.lines.end(), [&](const ParallelLine& line) {
      return !line.values[axis] || !scales_[axis].has_place(*line.values[axis]);
    });
  }

  [[nodiscard]] std::vector<Tick> ticks_of(std::size_t axis) const {
    const std::vector<std::string>& words = chart_.axes[axis].words;
    if (words.empty()) {
      const std::vector<Tick>& own = chart_.axes[axis].ticks;
      return own.empty() ? scales_[axis].ticks(5) : own;
    }
    // More words than there is room for are thinned out.
    const auto most = static_cast<std::size_t>((bottom_ - kTop) / (kTextSize + 2));
    const std::size_t stride = words.size() / std::max<std::size_t>(most, 1) + 1;
    std::vector<Tick> ticks;
    for (std::size_t i = 0; i < words.size(); i += stride) {
      ticks.push_back({static_cast<double>(i), words[i]});
    }
    return ticks;
  }

  const ParallelChart& chart_;
  double width_;
  double bottom_;
  std::vector<Scale> scales_;
};

}  // namespace

Element draw_parallel_chart(const ParallelChart& chart, double width, double height) {
  return ParallelPlot(chart, width, height).draw(height);
}

}  // namespace glimpse::reports
