#pragma once

// What one parameter does: the mean at each of its values, with an interval. Pure.

#include <optional>
#include <string>
#include <vector>

#include "reports/charts/plot.h"
#include "reports/stats/sample.h"

namespace glimpse::reports {

struct EffectPoint {
  std::string value = {};
  double mean = 0;
  std::optional<Interval> interval = {};
};

struct EffectChart {
  ChartText text;
  std::string parameter = {};
  std::string outcome = {};
  std::vector<EffectPoint> points = {};
  bool has_order = false;  // then a line joins them
  Interval y_domain = {};  // of all charts that stand side by side
};

Element draw_effect_chart(const EffectChart& chart, double width, double height);

}  // namespace glimpse::reports
