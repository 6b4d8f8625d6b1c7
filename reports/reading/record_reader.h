#pragma once

// What happened while a study ran, for its page: failures, costs, environments.

#include <string>
#include <vector>

#include "reports/html/page_content.h"
#include "reports/study_report.h"
#include "storage/sqlite/query.h"

namespace glimpse::reports {

std::vector<FailureContent> read_failures(const std::string& study, storage::Query& results);
// One row per cell of the table.
std::vector<CostContent> read_costs(const StudyReport& report, storage::Query& results);
std::vector<EnvironmentContent> read_environments(const std::string& study,
                                                  storage::Query& results);

}  // namespace glimpse::reports
