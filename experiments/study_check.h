#pragma once

// What is wrong with a study as a whole, as far as one can tell without expanding it: names nobody
// knows, values that do not fit, conditions that go round in a circle, selection by a test metric.
// A pure function; the reader adds line and column by each issue's pointer, and drops an issue at a
// pointer that it has complained about itself.

#include <vector>

#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

std::vector<Issue> check_study(const Study& study);

}  // namespace glimpse::experiments
