#pragma once

// The learning curve of one run, as charts take it.

#include <cstdint>
#include <optional>
#include <string>

#include "reports/html/page_content.h"
#include "storage/sqlite/query.h"

namespace glimpse::reports {

struct WantedCurve {
  std::string run_id = {};
  std::uint64_t seed = 0;
  std::string metric = {};
  std::optional<std::int64_t> best_epoch = {};
};

// Without epochs where the run has none of that metric.
CurveSeed read_curve(storage::Query& results, const WantedCurve& wanted);

}  // namespace glimpse::reports
