#pragma once

// Every combination of the parameters' values, ordered by the values of the first name, then of the
// second, and so on; each value in the order in which the study gives it.

#include "experiments/plan/searcher.h"

namespace glimpse::experiments {

Proposals propose_grid(const Study& study);

}  // namespace glimpse::experiments
