#pragma once

// All that a study's page shows: its report, and what the database and the crops of its runs say
// beside that. Reads only, and never more than a page can show: curves of the table's first cells,
// pictures of one run per cell.

#include "reports/html/page_content.h"
#include "reports/study_report.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/query.h"

namespace glimpse::reports {

PageContent read_page(const StudyReport& report,
                      storage::Query& results,
                      const storage::ResultsFolder& folder);
// Of a study of which nothing has run.
PageContent make_empty_page(const StudyReport& report);

}  // namespace glimpse::reports
