#pragma once

// Parallel coordinates: an axis per parameter and one for what came of it, a line per trial. Lines
// carry where they cross each axis, so that a script can find and filter them. Pure.

#include <optional>
#include <string>
#include <vector>

#include "reports/charts/plot.h"

namespace glimpse::reports {

struct ParallelAxis {
  std::string name = {};
  ScaleKind kind = ScaleKind::kLinear;
  // Of an axis of words, from the bottom up; values are then places in it.
  std::vector<std::string> words = {};
  std::vector<Tick> ticks = {};  // empty: round values
};

struct ParallelLine {
  std::string label = {};
  std::vector<std::optional<double>> values = {};  // one per axis; nothing where it has none
};

struct ParallelChart {
  ChartText text;
  std::vector<ParallelAxis> axes = {};  // the last one is the outcome, which colours the lines
  std::vector<ParallelLine> lines = {};
  bool is_small_good = true;
};

Element draw_parallel_chart(const ParallelChart& chart, double width, double height);

}  // namespace glimpse::reports
