#pragma once

// Turns a study into trials. Everything here is a pure function of the study, the results recorded
// so far and the hashes of its sources, so a coordinator that starts again plans what the old one
// would have.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "experiments/columns.h"
#include "experiments/plan/history.h"
#include "experiments/plan/plan_keys.h"
#include "experiments/plan/selection.h"
#include "experiments/plan/trial_key.h"
#include "experiments/plan_limits.h"
#include "experiments/study.h"
#include "experiments/value.h"

namespace glimpse::experiments {

struct PlannedTrial {
  TrialKey key;
  std::uint64_t seed = 1;
  std::uint32_t configuration = 0;  // row of Plan
  std::uint32_t stage = 1;          // 1, or 2 for the winners of a selection
};

struct Plan {
  std::vector<PlanColumn> columns;   // sorted by name
  std::vector<std::uint32_t> cells;  // configurations * columns.size(); see columns.h
  std::size_t configuration_count = 0;
  std::vector<PlannedTrial> trials;  // stage one first; then by configuration, then by seed
  // Trials of stage two that no plan can name yet, because stage one has not decided their cell.
  std::uint64_t undecided_trials = 0;
  std::vector<SelectionCell> selection;  // where the study's table selects

  [[nodiscard]] std::size_t configurations() const { return configuration_count; }
  // What the study says of this configuration: defaults only where the study names them, and
  // nothing that does not apply.
  [[nodiscard]] Assignment assignment(std::size_t configuration) const;
};

struct PlanInputs {
  History history;       // empty: nothing has run yet
  FileHasher hash_file;  // for imported datasets and command studies
  ShapeReader shape_of;  // for imported datasets; empty: their crops are not checked
};

// Throws StudyError (pointer into the study) for what cannot be planned: a crop too small for its
// model, an exclude that matches nothing, a parameter that applies nowhere, a grid too large.
Plan make_plan(const Study& study, const PlanInputs& inputs);

}  // namespace glimpse::experiments
