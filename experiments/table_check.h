#pragma once

// The part of check_study() that looks at a study's metric and table.

#include <vector>

#include "experiments/parameter_lookup.h"
#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

void check_metric(const Study& study, std::vector<Issue>& issues);
void check_table(const Study& study, const StudyNames& names, std::vector<Issue>& issues);

}  // namespace glimpse::experiments
