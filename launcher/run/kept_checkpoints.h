#pragma once

// Which checkpoints of an attempt its worker still keeps: the two newest, and of one step only the
// last. The worker removes the others without a word, so whoever lists files follows the same rule.
// Pure.

#include <string>
#include <vector>

#include "experiments/record.h"

namespace glimpse::launcher {

class KeptCheckpoints {
 public:
  // One more was written; gives the files that went for it.
  std::vector<std::string> add(const experiments::CheckpointRecord& checkpoint);

 private:
  std::vector<experiments::CheckpointRecord> kept_;  // oldest first
};

}  // namespace glimpse::launcher
