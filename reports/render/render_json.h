#pragma once

// A report for programs: cells, claims and deviations as `glimpse check --json` prints them, with
// what is said of the whole.

#include <string>

#include "reports/study_report.h"

namespace glimpse::reports {

std::string render_json(const StudyReport& report);

}  // namespace glimpse::reports
