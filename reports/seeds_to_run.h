#pragma once

// What has yet to run before a study's table can be judged. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/study.h"
#include "reports/result_table.h"

namespace glimpse::reports {

// The study's own seeds where some of their runs are missing, more of them where a verdict needs
// more; nothing where every cell is decided, or where no number of seeds would decide it.
std::optional<std::vector<std::uint64_t>> seeds_to_run(const experiments::Study& study,
                                                       const ResultTable& results);

}  // namespace glimpse::reports
