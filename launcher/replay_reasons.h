#pragma once

// Why the weights of a run may come out different when it is trained again. Pure.

#include <string>
#include <vector>

#include "experiments/value.h"

namespace glimpse::launcher {

// What the numbers of a training depend on beside its trial.
struct TrainingGround {
  experiments::Assignment environment = {};  // as the worker told it
  std::string code = {};                     // of the model
  int world_size = 1;
};

// One phrase for each reason, none where the weights must come out equal, bit for bit. A fact that
// the older of the two did not record is no reason.
std::vector<std::string> find_replay_reasons(const TrainingGround& recorded,
                                             const TrainingGround& here);

}  // namespace glimpse::launcher
