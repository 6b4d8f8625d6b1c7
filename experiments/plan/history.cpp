#include "experiments/plan/history.h"

#include <cmath>

namespace glimpse::experiments {

Score score_of(const History& history,
               const std::vector<TrialKey>& keys,
               const std::string& metric) {
  double sum = 0;
  bool has_mean = !keys.empty();
  for (const TrialKey& key : keys) {
    const auto result = history ? history(key) : std::nullopt;
    if (!result) {
      return {};
    }
    const auto best = result->best.find(metric);
    if (!result->is_complete || best == result->best.end() || !std::isfinite(best->second)) {
      has_mean = false;
    } else {
      sum += best->second;
    }
  }
  const double mean = sum / static_cast<double>(keys.size());
  return {.has_ended = true, .mean = has_mean ? std::optional(mean) : std::nullopt};
}

}  // namespace glimpse::experiments
