#pragma once

// What is wrong with a study's metric and table.

#include <vector>

#include "experiments/parameter_lookup.h"
#include "experiments/study.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

// Parts of check_study().
void check_metric(const Study& study, std::vector<Issue>& issues);
void check_table(const Study& study, const StudyNames& names, std::vector<Issue>& issues);

// Figures and claims of cells that no configuration can have. No part of check_study(): a command
// line may narrow a study to some of its cells, and only the reader of studies knows what was
// typed.
std::vector<Issue> find_missing_cells(const Study& study);

}  // namespace glimpse::experiments
