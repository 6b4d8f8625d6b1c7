#pragma once

// Every combination of the parameters' values, ordered by the values of the first name, then of the
// second, and so on; each value in the order in which the study gives it.

#include "experiments/plan/searcher.h"

namespace glimpse::experiments {

class GridSearcher final : public Searcher {
 public:
  // Throws StudyError where the grid is larger than a plan may be, before anything is expanded.
  [[nodiscard]] Proposals propose(const Study& study, const Observe& observe) const override;
};

}  // namespace glimpse::experiments
