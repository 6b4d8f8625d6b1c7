#pragma once

// What all charts share: the frame of an SVG that screen readers can name, axes, marks that differ
// without colour, and the order of colours. Colours themselves are variables of chart.css, so that
// one drawing serves light and dark. Lengths are units of the view box; text is 11 of them high.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/charts/scale.h"
#include "reports/markup/element.h"

namespace glimpse::reports {

struct ChartText {
  Id id;
  std::string title;
  std::string description;  // what there is to see, for those who do not
};

struct PlotBox {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

struct Point {
  double x = 0;
  double y = 0;
};

inline constexpr double kTextSize = 11;
inline constexpr std::size_t kSeriesStyles = 8;

// As wide as wide fonts are; nobody measures them here.
double text_width(std::string_view utf8);
// At most so wide, with an ellipsis where something is missing.
std::string fit_text(std::string_view utf8, double width);

Element begin_chart(const ChartText& text, double width, double height);

enum class Anchor { kStart, kMiddle, kEnd };
Element draw_text(const Point& at, Anchor anchor, std::string_view utf8);
Element draw_line(const Point& from, const Point& to);
Element draw_rect(const PlotBox& box);

// Room that its numbers need to the left of an axis.
double axis_room(const Scale& scale);
// Values along the left with a line each across the plot; the name stands above them.
void draw_y_axis(Element& chart, const PlotBox& box, const Scale& scale, std::string_view name);
void draw_x_axis(Element& chart,
                 const PlotBox& box,
                 const Scale& scale,
                 std::string_view name,
                 const std::vector<Tick>& ticks);
inline constexpr int kXTicks = 5;
// The same for an axis of words, which share it evenly.
void draw_x_words(Element& chart,
                  const PlotBox& box,
                  const std::vector<std::string>& words,
                  std::string_view name);
double place_of_word(const PlotBox& box, std::size_t word, std::size_t count);

// Rows with a name each: beside what they show or, where the names are long, above it.
struct RowLayout {
  bool is_stacked = false;
  double label_width = 0;  // what names are cut to
  double left = 0;         // where the rows begin
  double row_height = 0;
  double label_rise = 0;  // of a name above the middle of what it names
};
RowLayout lay_out_rows(const std::vector<std::string>& labels, double width, double row_height);
// Middle of what a row shows; rows are counted from `top` on.
double middle_of_row(const RowLayout& layout, double top, std::size_t row);
Element draw_row_label(const RowLayout& layout, double middle, std::string_view label);

// Data of a path through these points.
std::string path_through(const std::vector<Point>& points);
// Its colour, dash and mark tell a series from the seven others.
std::string series_class(std::size_t series);
std::string_view series_dash(std::size_t series);  // "" for a line without gaps
Element draw_mark(std::size_t series, const Point& at, double radius);

// Labels that want these places one below the other, moved apart by no more than is needed; within
// the room, or from its top on where they are too many.
std::vector<double> spread_labels(std::vector<double> wanted,
                                  double distance,
                                  const Interval& room);

}  // namespace glimpse::reports
