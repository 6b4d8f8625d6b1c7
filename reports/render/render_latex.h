#pragma once

// A report as a LaTeX table for a paper, with its notes below. The document loads booktabs and
// siunitx.

#include <string>
#include <string_view>

#include "reports/study_report.h"

namespace glimpse::reports {

std::string render_latex(const StudyReport& report);

// Plain text: all of LaTeX's special characters are escaped, and what no font of a plain document
// has shows as U+1F600.
std::string escape_latex(std::string_view utf8);

}  // namespace glimpse::reports
