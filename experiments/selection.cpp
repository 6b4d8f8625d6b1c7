#include "experiments/selection.h"

#include <algorithm>

namespace glimpse::experiments {

void decide(SelectionCell& cell, Goal goal, const IsSmaller& is_smaller) {
  const auto& all = cell.candidates;
  cell.winner.reset();
  cell.is_decided = all.size() == 1 || std::all_of(all.begin(), all.end(), [](const auto& one) {
                      return one.score.has_ended;
                    });
  if (!cell.is_decided) {
    return;
  }
  const Candidate* best = all.size() == 1 ? &all.front() : nullptr;
  for (const Candidate& one : all) {
    if (!one.score.mean || best == &one) {
      continue;
    }
    const bool is_better =
        best != nullptr && (goal == Goal::kMinimize ? *one.score.mean < *best->score.mean
                                                    : *one.score.mean > *best->score.mean);
    const bool wins_tie = best != nullptr && *one.score.mean == *best->score.mean &&
                          is_smaller(one.configuration, best->configuration);
    if (best == nullptr || is_better || wins_tie) {
      best = &one;
    }
  }
  if (best != nullptr) {
    cell.winner = best->configuration;
  }
}

}  // namespace glimpse::experiments
