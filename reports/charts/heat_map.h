#pragma once

// Means over two parameters: a field per pair of values, its number in it. Pure.

#include <optional>
#include <string>
#include <vector>

#include "reports/charts/plot.h"

namespace glimpse::reports {

struct HeatMap {
  ChartText text;
  std::string x_name = {};
  std::string y_name = {};
  std::string value_name = {};
  std::vector<std::string> x_values = {};
  std::vector<std::string> y_values = {};
  // A row per y value, with a field per x value; nothing where nothing ran.
  std::vector<std::vector<std::optional<double>>> fields = {};
  int decimals = 2;
};

Element draw_heat_map(const HeatMap& map, double width);

}  // namespace glimpse::reports
