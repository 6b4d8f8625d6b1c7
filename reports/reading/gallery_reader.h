#pragma once

// Pictures of what trained networks saw, from the crops of one run per cell of the table.

#include <vector>

#include "reports/html/page_content.h"
#include "reports/study_report.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/query.h"

namespace glimpse::reports {

// Crops that cannot be read are left out: `glimpse verify` names them.
std::vector<GalleryItem> read_gallery(const StudyReport& report,
                                      storage::Query& results,
                                      const storage::ResultsFolder& folder);

}  // namespace glimpse::reports
