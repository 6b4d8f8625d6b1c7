#pragma once

// What ranks that were started together tell each other first, and what follows from it. Pure
// functions: every rank has the same facts before it and comes to the same result.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/environment.h"

namespace glimpse::launcher {

struct RankFacts {
  std::string version;  // of the build, with its commit
  std::string command;  // digest of what the rank was told to do
  std::string host;
  int node = 0;                  // the lowest rank on it: names may be shared, as by containers
  std::vector<int> cores;        // that the rank may use, by the kernel's numbers
  bool are_slots_given = false;  // by the user, so that cores do not limit them
  bool operator==(const RankFacts&) const = default;
};

std::string pack_facts(const RankFacts& facts);
// Throws LaunchError.
RankFacts unpack_facts(std::string_view bytes);

// The cores of each rank, by rank. Those that several ranks of a node may use are dealt out, so
// that each is one rank's, and ranks with equal choice get equal shares.
std::vector<std::vector<int>> deal_cores(const std::vector<RankFacts>& ranks);

// One line that says why these ranks cannot work together and what to do, or nothing.
std::optional<std::string> find_refusal(const std::vector<RankFacts>& ranks);
// The same of a program that found itself alone in `size` ranks although its launcher says that it
// started several: each would take itself for the coordinator.
std::optional<std::string> find_refusal(int size, const LaunchVariables& launch);

}  // namespace glimpse::launcher
