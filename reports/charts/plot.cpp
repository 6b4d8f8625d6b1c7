#include "reports/charts/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "reports/charts/number_text.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

constexpr double kCharacterWidth = 0.65 * kTextSize;
constexpr double kTickGap = 5;
constexpr double kLabelGap = 8;
constexpr double kLeastWord = 24;  // room for a word that says anything
constexpr int kYTicks = 5;

std::string xy(const Point& point) {
  return render_coordinate(point.x) + ',' + render_coordinate(point.y);
}

std::string polygon(const Point& at, const std::vector<Point>& corners) {
  std::string data;
  for (const Point& corner : corners) {
    data += (data.empty() ? 'M' : 'L') + xy({at.x + corner.x, at.y + corner.y});
  }
  return data + 'Z';
}

// A ring rather than a circle element, so that all marks are paths.
std::string ring(const Point& at, double radius) {
  const std::string r = render_coordinate(radius);
  const std::string d = render_coordinate(2 * radius);
  return 'M' + xy({at.x - radius, at.y}) + 'a' + r + ',' + r + " 0 1 0 " + d + ",0a" + r + ',' + r +
         " 0 1 0 -" + d + ",0Z";
}

std::string mark_path(std::size_t shape, const Point& at, double r) {
  const double s = 0.85 * r;
  switch (shape) {
    case 0:
      return ring(at, r);
    case 1:
      return polygon(at, {{-s, -s}, {s, -s}, {s, s}, {-s, s}});
    case 2:
      return polygon(at, {{0, -1.2 * r}, {1.1 * r, 0.8 * r}, {-1.1 * r, 0.8 * r}});
    case 3:
      return polygon(at, {{0, -1.3 * r}, {1.3 * r, 0}, {0, 1.3 * r}, {-1.3 * r, 0}});
    case 4:
      return polygon(at, {{0, 1.2 * r}, {1.1 * r, -0.8 * r}, {-1.1 * r, -0.8 * r}});
    case 5:
      return polygon(at, {{-1.3 * r, -0.5 * r}, {1.3 * r, -0.5 * r}, {0, r}});
    case 6:
      return polygon(
          at, {{-0.5 * r, -1.3 * r}, {0.5 * r, -1.3 * r}, {0.5 * r, 1.3 * r}, {-0.5 * r, 1.3 * r}});
    default:
      return polygon(
          at, {{-1.3 * r, -0.5 * r}, {1.3 * r, -0.5 * r}, {1.3 * r, 0.5 * r}, {-1.3 * r, 0.5 * r}});
  }
}

}  // namespace

double text_width(std::string_view utf8) {
  return kCharacterWidth * static_cast<double>(display_width(escape_controls(utf8)));
}

std::string fit_text(std::string_view utf8, double width) {
  const double columns = std::floor(std::max(width, 0.0) / kCharacterWidth);
  return cut_to_width(escape_controls(utf8), static_cast<std::size_t>(columns));
}

Element begin_chart(const ChartText& text, double width, double height) {
  const Id title = text.id.with(0);
  const Id description = text.id.with(1);
  Element chart("svg");
  chart.set_class("chart")
      .set("viewBox", "0 0 " + render_coordinate(width) + ' ' + render_coordinate(height))
      .set("width", render_coordinate(width))
      .set("height", render_coordinate(height))
      .set("role", "img")
      .set("aria-labelledby", title.text() + ' ' + description.text());
  chart.add(Element("title").set_id(title).text(text.title));
  chart.add(Element("desc").set_id(description).text(text.description));
  chart.add(draw_rect({0, 0, width, height}).set_class("ground"));
  return chart;
}

Element draw_text(const Point& at, Anchor anchor, std::string_view utf8) {
  Element text("text");
  text.set("x", render_coordinate(at.x)).set("y", render_coordinate(at.y)).text(utf8);
  if (anchor != Anchor::kStart) {
    text.set("text-anchor", anchor == Anchor::kMiddle ? "middle" : "end");
  }
  return text;
}

Element draw_line(const Point& from, const Point& to) {
  return Element("line")
      .set("x1", render_coordinate(from.x))
      .set("y1", render_coordinate(from.y))
      .set("x2", render_coordinate(to.x))
      .set("y2", render_coordinate(to.y));
}

Element draw_rect(const PlotBox& box) {
  return Element("rect")
      .set("x", render_coordinate(box.left))
      .set("y", render_coordinate(box.top))
      .set("width", render_coordinate(std::max(box.right - box.left, 0.0)))
      .set("height", render_coordinate(std::max(box.bottom - box.top, 0.0)));
}

double axis_room(const Scale& scale) {
  double room = 0;
  for (const Tick& tick : scale.ticks(kYTicks)) {
    room = std::max(room, text_width(tick.label));
  }
  return room + kTickGap + 2;
}

void draw_y_axis(Element& chart, const PlotBox& box, const Scale& scale, std::string_view name) {
  Element axis("g");
  axis.set_class("axis");
  for (const Tick& tick : scale.ticks(kYTicks)) {
    const double y = scale.place(tick.value);
    axis.add(draw_line({box.left, y}, {box.right, y}).set_class("grid"));
    axis.add(draw_text({box.left - kTickGap, y + 0.35 * kTextSize}, Anchor::kEnd, tick.label));
  }
  const double room = std::max(box.right - 2, 0.0);
  axis.add(draw_text({2, kTextSize}, Anchor::kStart, fit_text(name, room)).set_class("name"));
  chart.add(axis);
}

void draw_x_axis(Element& chart,
                 const PlotBox& box,
                 const Scale& scale,
                 std::string_view name,
                 const std::vector<Tick>& ticks) {
  Element axis("g");
  axis.set_class("axis");
  axis.add(draw_line({box.left, box.bottom}, {box.right, box.bottom}).set_class("base"));
  for (const Tick& tick : ticks) {
    const double x = scale.place(tick.value);
    axis.add(draw_line({x, box.bottom}, {x, box.bottom + 4}).set_class("base"));
    axis.add(draw_text({x, box.bottom + 4 + kTextSize}, Anchor::kMiddle, tick.label));
  }
  axis.add(draw_text({(box.left + box.right) / 2, box.bottom + 8 + 2 * kTextSize},
                     Anchor::kMiddle,
                     fit_text(name, box.right - box.left))
               .set_class("name"));
  chart.add(axis);
}

double place_of_word(const PlotBox& box, std::size_t word, std::size_t count) {
  const double share =
      (static_cast<double>(word) + 0.5) / static_cast<double>(std::max<std::size_t>(count, 1));
  return box.left + share * (box.right - box.left);
}

void draw_x_words(Element& chart,
                  const PlotBox& box,
                  const std::vector<std::string>& words,
                  std::string_view name) {
  Element axis("g");
  axis.set_class("axis");
  axis.add(draw_line({box.left, box.bottom}, {box.right, box.bottom}).set_class("base"));
  const double room = std::max(
      (box.right - box.left) / static_cast<double>(std::max<std::size_t>(words.size(), 1)) - 4,
      1.0);
  // Where there are many, every so many of them.
  const auto stride = static_cast<std::size_t>(std::max(1.0, std::ceil(kLeastWord / room)));
  for (std::size_t i = 0; i < words.size(); i += stride) {
    axis.add(draw_text({place_of_word(box, i, words.size()), box.bottom + 4 + kTextSize},
                       Anchor::kMiddle,
                       fit_text(words[i], room * static_cast<double>(stride))));
  }
  axis.add(draw_text({(box.left + box.right) / 2, box.bottom + 8 + 2 * kTextSize},
                     Anchor::kMiddle,
                     fit_text(name, box.right - box.left))
               .set_class("name"));
  chart.add(axis);
}

RowLayout lay_out_rows(const std::vector<std::string>& labels, double width, double row_height) {
  constexpr double kMostBeside = 0.34;  // of the width
  double widest = 0;
  for (const std::string& label : labels) {
    widest = std::max(widest, text_width(label));
  }
  if (widest > kMostBeside * width) {
    return {true, 0.75 * width, 4, row_height + kTextSize + 2, row_height / 2};
  }
  return {false, widest, widest + kLabelGap, row_height, 0};
}

double middle_of_row(const RowLayout& layout, double top, std::size_t row) {
  const double shift = layout.is_stacked ? (kTextSize + 2) / 2 : 0;
  return top + layout.row_height * (static_cast<double>(row) + 0.5) + shift;
}

Element draw_row_label(const RowLayout& layout, double middle, std::string_view label) {
  const std::string shown = fit_text(label, layout.label_width);
  Element text =
      layout.is_stacked
          ? draw_text({layout.left - 4, middle - layout.label_rise}, Anchor::kStart, shown)
          : draw_text({layout.label_width, middle + 0.35 * kTextSize}, Anchor::kEnd, shown);
  return text.set_class("label");
}

std::string path_through(const std::vector<Point>& points) {
  std::string data;
  for (const Point& point : points) {
    data += (data.empty() ? 'M' : 'L') + xy(point);
  }
  return data;
}

std::string series_class(std::size_t series) {
  return "s" + std::to_string(series % kSeriesStyles);
}

std::string_view series_dash(std::size_t series) {
  constexpr std::array<std::string_view, kSeriesStyles> kDashes = {
      "", "7 3", "2 2", "8 3 2 3", "4 2", "1 3", "10 4", "6 2 1 2 1 2"};
  return kDashes.at(series % kSeriesStyles);
}

Element draw_mark(std::size_t series, const Point& at, double radius) {
  return Element("path").set_class("mark").set("d", mark_path(series % kSeriesStyles, at, radius));
}

std::vector<double> spread_labels(std::vector<double> wanted,
                                  double distance,
                                  const Interval& room) {
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(
      order.begin(), order.end(), [&](auto a, auto b) { return wanted[a] < wanted[b]; });
  // Labels that touch move as one block, centred on the middle of what they wanted.
  struct Block {
    double centre = 0;
    std::vector<std::size_t> members = {};
  };
  const auto half = [&](const Block& block) {
    return distance * static_cast<double>(block.members.size()) / 2;
  };
  const auto keep_inside = [&](Block& block) {
    const double reach = half(block) - distance / 2;
    block.centre = std::max(std::min(block.centre, room.high - reach), room.low + reach);
  };
  std::vector<Block> blocks;
  for (const std::size_t label : order) {
    blocks.push_back({wanted[label], {label}});
    keep_inside(blocks.back());
    while (blocks.size() > 1) {
      Block& last = blocks[blocks.size() - 1];
      Block& before = blocks[blocks.size() - 2];
      if (before.centre + half(before) <= last.centre - half(last)) {
        break;
      }
      const auto a = static_cast<double>(before.members.size());
      const auto b = static_cast<double>(last.members.size());
      before.centre = (before.centre * a + last.centre * b) / (a + b);
      before.members.insert(before.members.end(), last.members.begin(), last.members.end());
      keep_inside(before);
      blocks.pop_back();
    }
  }
  for (const Block& block : blocks) {
    double at = block.centre - half(block) + distance / 2;
    for (const std::size_t label : block.members) {
      wanted[label] = at;
      at += distance;
    }
  }
  return wanted;
}

}  // namespace glimpse::reports
