#pragma once

// A study's report as the results fill it. Joins the plan with the results folder; reads only.

#include "launcher/settings.h"
#include "launcher/study_source.h"
#include "reports/study_report.h"

namespace glimpse::launcher {

// Where there is no database yet, nothing has run.
reports::StudyReport load_report(const LoadedStudy& loaded, const Settings& settings);

}  // namespace glimpse::launcher
