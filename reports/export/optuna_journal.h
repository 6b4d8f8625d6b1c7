#pragma once

// A study as a journal of Optuna's, which `optuna.load_study` and optuna-dashboard read: a line of
// JSON for the study, and one for each run.

#include <filesystem>

#include "experiments/study.h"
#include "reports/reading/study_reader.h"

namespace glimpse::reports {

// journal.log in this folder. `definition` is the study's text, which says what its parameters may
// be.
void export_optuna(const StudyReader& reader,
                   const StudyFacts& study,
                   const experiments::Study& definition,
                   const std::filesystem::path& folder);

}  // namespace glimpse::reports
