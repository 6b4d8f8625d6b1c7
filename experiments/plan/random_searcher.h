#pragma once

// As many independent draws as the study's run_cap says. Every draw of every parameter has a stream
// of its own, so that another parameter, or more draws, change none of them.

#include "experiments/plan/searcher.h"

namespace glimpse::experiments {

class RandomSearcher final : public Searcher {
 public:
  [[nodiscard]] Proposals propose(const Study& study, const Observe& observe) const override;
};

}  // namespace glimpse::experiments
