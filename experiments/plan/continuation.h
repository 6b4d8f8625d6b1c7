#pragma once

// Which trials of a study go on where trials of an earlier, shorter study ended.

#include <cstdint>
#include <vector>

#include "experiments/plan/plan.h"

namespace glimpse::experiments {

struct Continuation {
  std::uint32_t trial = 0;  // of the longer plan
  TrialKey from;            // of the earlier one
  double from_epochs = 0;   // that the earlier one was planned for
};

struct PlannedStudy {
  const Study& study;
  const Plan& plan;
};

// A trial goes on from one that is the same in everything but a smaller `epochs`; of several, from
// the longest; one whose numbers depend on its length goes on from none. In the order of the longer
// plan's trials. Whether the earlier trial has run is the caller's to look up.
std::vector<Continuation> find_continuations(const PlannedStudy& longer,
                                             const PlannedStudy& earlier,
                                             const FileHasher& hash_file);

}  // namespace glimpse::experiments
