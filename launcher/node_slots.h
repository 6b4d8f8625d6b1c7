#pragma once

// What one rank has to give to trials: cores, or the GPUs of its node.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launcher/run_in_world.h"
#include "launcher/transport/world.h"

namespace glimpse::launcher {

struct NodeSlots {
  int count = 1;
  std::vector<int> cores = {};   // by slot: the processor it is; empty: nothing is pinned
  std::vector<int> gpus = {};    // by slot: the device it is, where slots are GPUs
  std::string description = {};  // "2 cores", "4 GPUs (H100 GPU-...)"
};

// `given` by the user, more than there are cores too: those share them.
NodeSlots core_slots(const Crew& crew, std::optional<int> given);

// Every rank calls it at the same time. Asks the worker for its GPUs unless the user says how many
// there are. Throws LaunchError where there is none.
NodeSlots gpu_slots(const Crew& crew,
                    World& world,
                    std::optional<int> given,
                    const std::filesystem::path& worker);

}  // namespace glimpse::launcher
