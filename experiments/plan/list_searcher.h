#pragma once

// The points a study lists, in their order. Parameters of the study with one value hold for every
// point that does not say otherwise.

#include "experiments/plan/searcher.h"

namespace glimpse::experiments {

class ListSearcher final : public Searcher {
 public:
  [[nodiscard]] Proposals propose(const Study& study, const Observe& observe) const override;
};

}  // namespace glimpse::experiments
