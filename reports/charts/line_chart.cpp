#include "reports/charts/line_chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace glimpse::reports {
namespace {

constexpr double kTop = 22;
constexpr double kBottom = 34;
constexpr double kMostLabel = 96;  // width of the names at the lines' ends
constexpr double kLabelGap = 8;
constexpr std::size_t kMarks = 5;  // along a line

class LinePlot {
 public:
  LinePlot(const LineChart& chart, double width, double height)
      : chart_(chart),
        y_(chart.y_kind, chart.y_domain, height - kBottom, kTop),
        box_{axis_room(y_), kTop, width - label_room(chart) - kLabelGap, height - kBottom},
        x_(ScaleKind::kLinear, chart.x_domain, box_.left, box_.right) {}

  [[nodiscard]] Element draw(double width, double height) const {
    Element svg = begin_chart(chart_.text, width, height);
    draw_y_axis(svg, box_, y_, chart_.y_name);
    const std::vector<Tick> ticks = x_.ticks(kXTicks);
    draw_x_axis(svg, box_, x_, chart_.x_name, chart_.counts_x ? keep_whole(ticks) : ticks);
    std::vector<double> ends;
    ends.reserve(chart_.series.size());
    for (const LineSeries& series : chart_.series) {
      ends.push_back(end_of(series));
    }
    const std::vector<double> labels = spread_labels(ends, kTextSize + 2, {box_.top, box_.bottom});
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      svg.add(draw_series(i, labels[i]));
    }
    return svg;
  }

 private:
  static double label_room(const LineChart& chart) {
    double room = 0;
    for (const LineSeries& series : chart.series) {
      room = std::max(room, 1.1 * text_width(series.label));
    }
    return std::min(room, kMostLabel);
  }

  [[nodiscard]] Point place(const Point& point) const {
    return {x_.place(point.x), y_.place(point.y)};
  }

  [[nodiscard]] std::vector<Point> place_all(const std::vector<Point>& points) const {
    std::vector<Point> placed;
    for (const Point& point : points) {
      if (std::isfinite(point.x) && y_.has_place(point.y)) {
        placed.push_back(place(point));
      }
    }
    return placed;
  }

  [[nodiscard]] double end_of(const LineSeries& series) const {
    const std::vector<Point> placed = place_all(series.mean);
    return placed.empty() ? box_.bottom : placed.back().y;
  }

  [[nodiscard]] Element draw_series(std::size_t number, double label_y) const {
    const LineSeries& series = chart_.series[number];
    Element group("g");
    group.set_class("series " + series_class(number));
    for (const std::vector<Point>& single : series.singles) {
      group.add(Element("path").set_class("single").set("d", path_through(place_all(single))));
    }
    if (!series.band.empty()) {
      group.add(Element("path").set_class("band").set("d", band_path(series.band) + 'Z'));
    }
    for (const Point& dot : place_all(series.dots)) {
      group.add(draw_mark(0, dot, 1.6).set_class("dot"));
    }
    const std::vector<Point> mean = place_all(series.mean);
    Element line("path");
    line.set_class("mean").set("d", path_through(mean));
    if (!series_dash(number).empty()) {
      line.set("stroke-dasharray", series_dash(number));
    }
    group.add(line);
    for (const Point& at : spread_marks(mean)) {
      group.add(draw_mark(number, at, 3));
    }
    group.add(draw_text({box_.right + kLabelGap, label_y + 0.35 * kTextSize},
                        Anchor::kStart,
                        fit_text(series.label, kMostLabel))
                  .set_class("label"));
    return group;
  }

  // What a logarithmic axis has no place for ends at its foot.
  [[nodiscard]] std::string band_path(const std::vector<BandPoint>& band) const {
    const auto foot = [&](double y) { return y_.has_place(y) ? y_.place(y) : box_.bottom; };
    std::vector<Point> outline;
    outline.reserve(2 * band.size());
    for (const BandPoint& point : band) {
      outline.push_back({x_.place(point.x), foot(point.high)});
    }
    for (auto point = band.rbegin(); point != band.rend(); ++point) {
      outline.push_back({x_.place(point->x), foot(point->low)});
    }
    return path_through(outline);
  }

  // Evenly along the axis, the last one at the line's end.
  static std::vector<Point> spread_marks(const std::vector<Point>& line) {
    std::vector<Point> marks;
    for (std::size_t i = 1; i <= kMarks && !line.empty(); ++i) {
      const Point& point = line[(line.size() - 1) * i / kMarks];
      if (marks.empty() || marks.back().x < point.x) {
        marks.push_back(point);
      }
    }
    return marks;
  }

  const LineChart& chart_;
  Scale y_;
  PlotBox box_;
  Scale x_;
};

}  // namespace

Element draw_line_chart(const LineChart& chart, double width, double height) {
  return LinePlot(chart, width, height).draw(width, height);
}

}  // namespace glimpse::reports
