#pragma once

// Selection in two stages: every candidate of a cell of the table runs on the first few seeds, and
// the one with the best mean gets the rest. Always by a validation metric, never by a test one.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "experiments/plan/history.h"
#include "experiments/study.h"

namespace glimpse::experiments {

struct Candidate {
  std::uint32_t configuration = 0;  // row of the plan
  Score score;                      // over the seeds of stage one

  bool operator==(const Candidate&) const = default;
};

struct SelectionCell {
  std::vector<Candidate> candidates;  // in plan order
  bool is_decided = false;
  // None although decided: every candidate failed or diverged.
  std::optional<std::uint32_t> winner;

  bool operator==(const SelectionCell&) const = default;
};

// True where the first configuration's values of the selected parameters are smaller.
using IsSmaller = std::function<bool(std::uint32_t, std::uint32_t)>;

// A cell is decided once all its candidates have ended. One that failed or diverged on a seed has
// no mean and cannot win; equal means go to the smaller value. A lone candidate wins at once: its
// results decide nothing.
void decide(SelectionCell& cell, Goal goal, const IsSmaller& is_smaller);

}  // namespace glimpse::experiments
