#pragma once

// The GPUs that a rank may use. `glimpse` knows no CUDA: the worker that does is asked.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::launcher {

struct Gpu {
  int index = 0;  // as CUDA counts them here
  std::string model;
  std::string uuid;
  bool operator==(const Gpu&) const = default;
};

// From what `glimpse-worker-cuda info --json` prints. Throws LaunchError for another text.
std::vector<Gpu> parse_gpus(std::string_view info);
// Asks the worker; a program that is not there knows of none. Throws LaunchError where it fails.
std::vector<Gpu> list_gpus(const std::filesystem::path& worker);

// What a rank sees, as one text for the others.
std::string describe_gpus(const std::vector<Gpu>& gpus);

// How many of `count` equal things the `place`-th of `sharers` gets, and the first of them: all are
// dealt out, in a row each.
struct Share {
  std::size_t first = 0;
  std::size_t count = 0;
  bool operator==(const Share&) const = default;
};
Share deal(std::size_t count, std::size_t place, std::size_t sharers);

// Ranks of one node that see the same GPUs deal them out; where each sees its own, as some batch
// systems have it, it keeps them. `seen` and `nodes` are by rank.
Share share_of_gpus(const std::vector<std::string>& seen,
                    const std::vector<int>& nodes,
                    std::size_t rank,
                    std::size_t count);

}  // namespace glimpse::launcher
