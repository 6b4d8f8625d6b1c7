#pragma once

// Where the seeds of each configuration ended: a dot per seed, the mean with its interval, and the
// published figure. Pure.

#include <optional>
#include <string>
#include <vector>

#include "reports/charts/plot.h"
#include "reports/stats/sample.h"

namespace glimpse::reports {

struct StripRow {
  std::string label = {};
  std::vector<double> values = {};
  std::optional<double> mean = {};
  std::optional<Interval> interval = {};
  std::optional<double> published = {};
  std::string note = {};  // stands at the end of the row: what is missing
};

struct StripChart {
  ChartText text;
  std::string name = {};  // of the axis
  std::vector<StripRow> rows = {};
};

Element draw_strip_chart(const StripChart& chart, double width);

}  // namespace glimpse::reports
