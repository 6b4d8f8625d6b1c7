#pragma once

// How each run of a results database ended, by its key.

#include <optional>
#include <string>
#include <unordered_map>

#include "storage/sqlite/query.h"

namespace glimpse::reports {

struct RunOutcome {
  std::string state = {};  // a done run that did not complete has its outcome here
  std::optional<double> objective = {};
  std::optional<std::int64_t> best_epoch = {};
  // Of the asked metric at the best epoch, or else at the last; of completed runs alone.
  std::optional<double> value = {};
};

using RunOutcomes = std::unordered_map<std::string, RunOutcome>;

// Of all runs that were ever planned in this database.
RunOutcomes read_run_outcomes(storage::Query& query, const std::string& metric);

}  // namespace glimpse::reports
