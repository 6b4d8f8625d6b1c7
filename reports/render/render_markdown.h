#pragma once

// A report as Markdown, for a README or an issue.

#include <string>

#include "reports/study_report.h"

namespace glimpse::reports {

std::string render_markdown(const StudyReport& report);

}  // namespace glimpse::reports
