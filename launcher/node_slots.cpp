#include "launcher/node_slots.h"

#include <algorithm>

#include "launcher/gpus.h"
#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

std::string count_of(int count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

NodeSlots given_gpus(int count) {
  NodeSlots slots{.count = count, .description = count_of(count, "GPU")};
  for (int gpu = 0; gpu < count; ++gpu) {
    slots.gpus.push_back(gpu);
  }
  return slots;
}

}  // namespace

NodeSlots core_slots(const Crew& crew, std::optional<int> given) {
  const auto cores = static_cast<int>(crew.cores.size());
  NodeSlots slots{.count = given.value_or(std::max(1, cores))};
  if (slots.count <= cores) {
    slots.cores = crew.cores;
  }
  slots.description = given ? count_of(slots.count, "slot") + " on " + count_of(cores, "core")
                            : count_of(cores, "core");
  return slots;
}

NodeSlots gpu_slots(const Crew& crew,
                    World& world,
                    std::optional<int> given,
                    const std::filesystem::path& worker) {
  const std::vector<Gpu> gpus = given ? std::vector<Gpu>() : list_gpus(worker);
  const std::vector<std::string> seen = world.all_gather(describe_gpus(gpus));
  if (given) {
    return given_gpus(*given);
  }
  std::vector<int> nodes;
  nodes.reserve(crew.ranks.size());
  for (const RankFacts& rank : crew.ranks) {
    nodes.push_back(rank.node);
  }
  const auto rank = static_cast<std::size_t>(world.transport().rank());
  const Share share = share_of_gpus(seen, nodes, rank, gpus.size());
  if (share.count == 0) {
    throw LaunchError(experiments::ExitCode::kUnavailable,
                      "no GPU on " + crew.ranks.at(rank).host +
                          " for this rank (see 'glimpse-worker-cuda info'; --slots N says how many "
                          "there are, resources.gpus=0 trains on cores)");
  }
  NodeSlots slots{.count = static_cast<int>(share.count)};
  std::vector<Gpu> mine;
  for (std::size_t i = 0; i < share.count; ++i) {
    mine.push_back(gpus.at(share.first + i));
    slots.gpus.push_back(mine.back().index);
  }
  slots.description = count_of(slots.count, "GPU") + " (" + describe_gpus(mine) + ")";
  return slots;
}

}  // namespace glimpse::launcher
