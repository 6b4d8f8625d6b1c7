#include "experiments/plan/selection.h"

#include <algorithm>

namespace glimpse::experiments {

void decide(SelectionCell& cell, Goal goal, const IsSmaller& is_smaller) {
  const auto& all = cell.candidates;
  cell.winner.reset();
  if (all.size() == 1) {
    cell.is_decided = true;
    cell.winner = all.front().configuration;
    return;
  }
  cell.is_decided =
      std::all_of(all.begin(), all.end(), [](const Candidate& one) { return one.score.has_ended; });
  if (!cell.is_decided) {
    return;
  }
  double best = 0;  // of the winner so far
  for (const Candidate& one : all) {
    if (!one.score.mean) {
      continue;
    }
    const double mean = *one.score.mean;
    const bool is_better = goal == Goal::kMinimize ? mean < best : mean > best;
    if (!cell.winner || is_better ||
        (mean == best && is_smaller(one.configuration, *cell.winner))) {
      cell.winner = one.configuration;
      best = mean;
    }
  }
}

}  // namespace glimpse::experiments
