#include "launcher/schedule/timeline_svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace glimpse::launcher {
namespace {

constexpr double kWidth = 1200;
constexpr double kLeft = 110;
constexpr double kRight = 20;
constexpr double kTop = 40;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kMostPlotHeight = 900;
constexpr double kThickestRow = 18;
constexpr double kTextHeight = 11;
constexpr std::size_t kMostKindsNamed = 24;
constexpr std::size_t kKindsPerLine = 3;
// Browsers become slow with many tooltips.
constexpr std::size_t kMostLabels = 20000;

std::string escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:  // control characters are no XML
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

std::string number(double value) {
  std::ostringstream text;
  text.precision(7);
  text << value;
  return text.str();
}

// The golden angle keeps neighbours apart however many there are. Written as red, green and blue:
// not every reader of SVG knows other colours.
std::string colour(std::size_t kind) {
  const double hue = std::fmod(static_cast<double>(kind) * 137.508 + 210, 360) / 30;
  const double lightness = 0.45 + static_cast<double>(kind % 3) * 0.1;
  const double chroma = 0.6 * std::min(lightness, 1 - lightness);
  std::string text = "#";
  for (const double offset : {0.0, 8.0, 4.0}) {
    const double k = std::fmod(offset + hue, 12);
    const double part = lightness - chroma * std::max(-1.0, std::min({k - 3, 9 - k, 1.0}));
    const auto value = static_cast<std::size_t>(std::lround(part * 255));
    text += "0123456789abcdef"[value / 16];
    text += "0123456789abcdef"[value % 16];
  }
  return text;
}

// About ten ticks at times that people read off a clock.
double tick_s(double span_s) {
  constexpr std::array kSteps = {1.0,
                                 2.0,
                                 5.0,
                                 10.0,
                                 15.0,
                                 30.0,
                                 60.0,
                                 120.0,
                                 300.0,
                                 600.0,
                                 900.0,
                                 1800.0,
                                 3600.0,
                                 7200.0,
                                 10800.0,
                                 21600.0,
                                 43200.0};
  for (const double step : kSteps) {
    if (span_s / step <= 12) {
      return step;
    }
  }
  constexpr double kDay = 86400;
  return kDay * std::ceil(span_s / kDay / 12);
}

std::string clock_text(double seconds) {
  const auto all = static_cast<long long>(std::llround(seconds));
  const auto two = [](long long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(all / 3600) + ":" + two(all / 60 % 60) + ":" + two(all % 60);
}

class Picture {
 public:
  explicit Picture(const Timeline& timeline)
      : timeline_(timeline),
        row_height_(std::min(kThickestRow, kMostPlotHeight / std::max<double>(1, rows()))),
        plot_height_(row_height_ * rows()) {
    for (const TimelineBar& bar : timeline.bars) {
      span_s_ = std::max(span_s_, bar.end_s);
    }
  }

  std::string draw() {
    begin();
    draw_rows();
    draw_axis();
    for (const TimelineBar& bar : timeline_.bars) {
      draw(bar);
    }
    draw_legend();
    return svg_ + "</svg>\n";
  }

 private:
  [[nodiscard]] double rows() const { return static_cast<double>(timeline_.rows.size()); }
  [[nodiscard]] std::size_t named() const {
    return std::min(kMostKindsNamed, timeline_.kinds.size());
  }
  [[nodiscard]] double x(double seconds) const {
    return kLeft + (span_s_ > 0 ? seconds / span_s_ * kPlotWidth : 0);
  }
  [[nodiscard]] double y(std::size_t row) const {
    return kTop + static_cast<double>(row) * row_height_;
  }
  void rectangle(double left, double top, double width, double height, const std::string& rest) {
    svg_ += "<rect x=\"" + number(left) + "\" y=\"" + number(top) + "\" width=\"" + number(width) +
            "\" height=\"" + number(height) + "\" " + rest;
  }
  void text(double left, double top, const std::string& anchor, const std::string& content) {
    svg_ += "<text x=\"" + number(left) + "\" y=\"" + number(top) + "\" text-anchor=\"" + anchor +
            "\">" + escape(content) + "</text>\n";
  }

  void begin() {
    const auto lines = (named() + kKindsPerLine - 1) / kKindsPerLine;
    const double height = kTop + plot_height_ + 50 + 18 * static_cast<double>(lines);
    svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(kWidth) + "\" height=\"" +
           number(height) + "\" viewBox=\"0 0 " + number(kWidth) + " " + number(height) +
           "\" font-family=\"sans-serif\" font-size=\"" + number(kTextHeight) +
           "\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    text(kLeft, 22, "start", timeline_.title);
  }

  void draw_rows() {
    rectangle(kLeft, kTop, kPlotWidth, plot_height_, "fill=\"#eee\"/>\n");
    // So many rows apart that names do not touch.
    const auto step = static_cast<std::size_t>(std::ceil((kTextHeight + 1) / row_height_));
    for (std::size_t row = 0; row < timeline_.rows.size(); row += step) {
      const double middle = std::max(row_height_, kTextHeight) / 2 + kTextHeight / 3;
      text(kLeft - 6, y(row) + middle, "end", timeline_.rows[row]);
    }
  }

  void draw_axis() {
    const double step = tick_s(span_s_);
    const double bottom = kTop + plot_height_;
    for (int tick = 0; tick * step <= span_s_; ++tick) {
      const double at_s = tick * step;
      svg_ += "<path d=\"M" + number(x(at_s)) + " " + number(kTop) + "V" + number(bottom + 4) +
              "\" stroke=\"#ccc\"/>\n";
      text(x(at_s), bottom + 17, "middle", clock_text(at_s));
    }
    text(kLeft - 36, bottom + 17, "end", "h:mm:ss");
  }

  void draw(const TimelineBar& bar) {
    const double gap = row_height_ > 4 ? 1 : 0;
    std::string rest = "fill=\"" + colour(bar.kind) + "\"";
    rest += bar.is_failed ? " fill-opacity=\"0.35\" stroke=\"#c00\"" : "";
    const bool has_label = !bar.label.empty() && timeline_.bars.size() <= kMostLabels;
    rest += has_label ? "><title>" + escape(bar.label) + "</title></rect>\n" : "/>\n";
    const double width = x(bar.end_s) - x(bar.start_s);
    rectangle(x(bar.start_s), y(bar.row), std::max(0.5, width - gap / 2), row_height_ - gap, rest);
  }

  void draw_legend() {
    const double top = kTop + plot_height_ + 40;
    for (std::size_t kind = 0; kind < named(); ++kind) {
      const double left =
          kLeft + static_cast<double>(kind % kKindsPerLine) * kPlotWidth / kKindsPerLine;
      const std::size_t lines_above = kind / kKindsPerLine;
      const double line = top + 18 * static_cast<double>(lines_above);
      rectangle(left, line - 9, 10, 10, "fill=\"" + colour(kind) + "\"/>\n");
      const bool is_last = kind + 1 == named() && named() < timeline_.kinds.size();
      const std::string more =
          is_last ? " ... and " + std::to_string(timeline_.kinds.size() - named()) + " more" : "";
      text(left + 15, line, "start", timeline_.kinds[kind] + more);
    }
  }

  const Timeline& timeline_;
  double row_height_;
  double plot_height_;
  double span_s_ = 0;
  std::string svg_;
};

}  // namespace

std::string render_timeline_svg(const Timeline& timeline) {
  return Picture(timeline).draw();
}

}  // namespace glimpse::launcher
