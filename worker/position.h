#pragma once

// Where a run stands: what the trainer must know besides the tensors to go on bit for bit. Travels
// in the counters of a checkpoint. Plain data and pure functions.

#include <cstdint>
#include <map>
#include <string>

#include "worker/engine.h"

namespace glimpse::worker {

struct Position {
  int epoch = 1;                    // the one in progress; one more than the last when all are done
  std::uint64_t step_in_epoch = 0;  // steps of it that are done
  std::uint64_t step = 0;           // of the whole run
  int best_epoch = 0;               // on validation; 0: none yet
  double best_valid_error = 0;
  TrainTotals totals;  // of the epoch in progress

  bool operator==(const Position&) const = default;
};

std::map<std::string, std::string> render_counters(const Position& position);
// Throws std::invalid_argument naming the counter that is missing or makes no sense.
Position parse_counters(const std::map<std::string, std::string>& counters);

}  // namespace glimpse::worker
