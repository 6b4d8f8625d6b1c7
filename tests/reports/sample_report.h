#pragma once

// Results of table1 that nobody measured: deterministic values around the published figures, for
// tests of what is made of results.

#include "reports/study_report.h"

namespace glimpse::tests {

// Every cell complete, with some of each verdict.
reports::StudyReport sample_report();

// The same with a study, labels and claims that are called by this text.
reports::StudyReport hostile_report(const std::string& text);

}  // namespace glimpse::tests
