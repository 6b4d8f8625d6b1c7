#pragma once

// A report for the terminal.

#include <string>

#include "reports/study_report.h"

namespace glimpse::reports {

std::string render_text(const StudyReport& report);

}  // namespace glimpse::reports
