#pragma once

// Which checkpoints of an attempt its worker still keeps. The worker removes the others without a
// word, by the rule of storage/safetensors/checkpoint_name.h, so whoever lists files follows it.
// Pure.

#include <string>
#include <vector>

#include "storage/safetensors/checkpoint_name.h"

namespace glimpse::launcher {

class KeptCheckpoints {
 public:
  // One more was written; gives the files that went for it. What has no checkpoint's name is none.
  std::vector<std::string> add(const std::string& file);

 private:
  std::vector<storage::CheckpointName> kept_;
};

}  // namespace glimpse::launcher
