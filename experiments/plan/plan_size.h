#pragma once

// One budget for all ways to search: a study of a few lines can ask for more than any machine
// holds.

#include "experiments/study.h"

namespace glimpse::experiments {

// Throws StudyError, with the numbers, where the study spans more configurations, values or
// comparisons than plan_limits.h allows. Expands nothing. The study has passed check_study().
void check_plan_size(const Study& study);

}  // namespace glimpse::experiments
