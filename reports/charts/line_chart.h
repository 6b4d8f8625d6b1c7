#pragma once

// Curves of several configurations: a mean with a band, the single runs faint behind it, and the
// configuration's name at the end of its line. Pure.

#include <string>
#include <vector>

#include "reports/charts/plot.h"
#include "reports/charts/scale.h"

namespace glimpse::reports {

struct BandPoint {
  double x = 0;
  double low = 0;
  double high = 0;
};

struct LineSeries {
  std::string label = {};
  std::vector<Point> mean = {};
  std::vector<BandPoint> band = {};
  std::vector<std::vector<Point>> singles = {};
  std::vector<Point> dots = {};  // a place on each single run that means something
};

struct LineChart {
  ChartText text;
  std::string x_name = {};
  bool counts_x = false;  // whole numbers alone
  std::string y_name = {};
  ScaleKind y_kind = ScaleKind::kLinear;
  // Of all charts that stand side by side.
  Interval x_domain = {};
  Interval y_domain = {};
  std::vector<LineSeries> series = {};
};

Element draw_line_chart(const LineChart& chart, double width, double height);

}  // namespace glimpse::reports
