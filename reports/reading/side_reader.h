#pragma once

// What stands side by side, from a results database: single runs, and curves of studies.

#include <string>
#include <vector>

#include "reports/html/page_content.h"
#include "reports/side_by_side.h"
#include "storage/sqlite/query.h"

namespace glimpse::reports {

struct RunSide {
  Side side = {};
  std::string metric = {};  // what its study aims at
  Curve curve = {};         // of that metric
};

// `metric` empty: that of the run's own study. `run_id` is known to the database.
RunSide read_run_side(storage::Query& results,
                      const std::string& run_id,
                      const std::string& metric = {});

// A panel per cell that is compared, with a curve per study; no more than can be told apart.
CurveContent read_compared_curves(const std::vector<StudyReport>& studies,
                                  const std::vector<ComparedCell>& cells,
                                  storage::Query& results);

}  // namespace glimpse::reports
