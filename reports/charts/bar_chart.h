#pragma once

// Amounts side by side, from 0: a bar per row, its number written out at its end. Pure.

#include <string>
#include <vector>

#include "reports/charts/plot.h"

namespace glimpse::reports {

struct BarRow {
  std::string label = {};
  double value = 0;  // not below 0
  std::string text = {};
};

struct BarChart {
  ChartText text;
  std::vector<BarRow> rows = {};
};

Element draw_bar_chart(const BarChart& chart, double width);

}  // namespace glimpse::reports
