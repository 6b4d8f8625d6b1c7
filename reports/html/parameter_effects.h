#pragma once

// What each parameter did to the outcome of a study's trials. Pure.

#include <span>
#include <string>
#include <vector>

#include "experiments/study.h"
#include "reports/html/page_content.h"

namespace glimpse::reports {

struct EffectTrial {
  std::string run_id = {};
  experiments::Assignment parameters = {};
  std::optional<double> outcome = {};  // of completed trials
};

// Of the parameters that vary. A parameter's share is that of the variance between its values in
// the variance of all outcomes: on a full grid exactly its main effect. Many values are taken
// together in five groups of equal size. Where a group has less than three trials on average, the
// share would be chance, and there is none.
ParameterContent find_effects(const experiments::Study& study,
                              const std::string& outcome,
                              experiments::Goal goal,
                              std::span<const EffectTrial> trials);

}  // namespace glimpse::reports
