#pragma once

// The points a study lists, in their order. Parameters of the study with one value hold for every
// point that does not say otherwise.

#include "experiments/plan/searcher.h"

namespace glimpse::experiments {

Proposals propose_list(const Study& study);

}  // namespace glimpse::experiments
