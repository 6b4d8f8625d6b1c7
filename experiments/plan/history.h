#pragma once

// What a plan may know of trials that have ended.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plan/trial_key.h"

namespace glimpse::experiments {

struct TrialResult {
  bool is_complete = false;            // done and not diverged
  std::map<std::string, double> best;  // metric name -> best value over its epochs
};

// Nothing for a trial that has not ended.
using History = std::function<std::optional<TrialResult>(const TrialKey&)>;

// Several seeds of one configuration taken together.
struct Score {
  bool has_ended = false;      // all of them
  std::optional<double> mean;  // only where all have ended, completed and have the metric

  bool operator==(const Score&) const = default;
};

// An empty history knows of nothing.
Score score_of(const History& history,
               const std::vector<TrialKey>& keys,
               const std::string& metric);

}  // namespace glimpse::experiments
