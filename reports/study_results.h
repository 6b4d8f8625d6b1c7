#pragma once

// A study's plan and what came of it, as plain data: what tables and reports are made of.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plan/selection.h"
#include "experiments/study.h"
#include "experiments/value.h"
#include "reports/result_table.h"

namespace glimpse::reports {

struct RunResult {
  std::string run_id = {};
  std::uint64_t seed = 1;
  std::uint32_t configuration = 0;  // place in StudyResults::configurations
  // As in v_trials, but a done run that did not complete is "diverged" or "pruned"; "" where the
  // results do not know it.
  std::string state = {};
  std::optional<double> objective = {};
  std::optional<std::int64_t> best_epoch = {};
  std::optional<double> value = {};  // of the table's metric, of a completed run
};

struct StudyResults {
  experiments::Study study = {};
  std::vector<experiments::Assignment> configurations = {};  // what the study says of each
  std::vector<experiments::SelectionCell> selection = {};
  std::vector<RunResult> runs = {};  // in plan order
};

// The study's table. One that has none gets one in which every configuration is a cell of its own.
experiments::Table table_of(const experiments::Study& study);

// The runs by cells of that table, in plan order. Where it selects, those of the winner alone; a
// cell that nobody has won yet shows its candidates' runs without their values.
std::vector<CellRuns> cells_of(const StudyResults& results);

}  // namespace glimpse::reports
