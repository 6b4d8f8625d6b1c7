#include "launcher/ranks.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <set>

#include "launcher/launch_plan.h"
#include "launcher/transport/bytes.h"

namespace glimpse::launcher {
namespace {

using Dealt = std::vector<std::vector<int>>;

// Of those that may use the core: who has the fewest so far, then who has the least choice.
std::size_t pick_owner(int core,
                       const std::vector<RankFacts>& ranks,
                       int node,
                       const Dealt& dealt) {
  std::size_t best = ranks.size();
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    const std::vector<int>& cores = ranks[rank].cores;
    if (ranks[rank].node != node || std::find(cores.begin(), cores.end(), core) == cores.end()) {
      continue;
    }
    const auto order = [&](std::size_t r) {
      return std::pair(dealt[r].size(), ranks[r].cores.size());
    };
    if (best == ranks.size() || order(rank) < order(best)) {
      best = rank;
    }
  }
  return best;
}

std::string count_of(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// The first rank that says something else than rank 0.
template <typename Field>
std::optional<std::size_t> find_other(const std::vector<RankFacts>& ranks, Field field) {
  for (std::size_t rank = 1; rank < ranks.size(); ++rank) {
    if (field(ranks[rank]) != field(ranks.front())) {
      return rank;
    }
  }
  return std::nullopt;
}

std::optional<std::string> refuse_versions(const std::vector<RankFacts>& ranks) {
  const auto other = find_other(ranks, [](const RankFacts& rank) { return rank.version; });
  if (!other) {
    return std::nullopt;
  }
  return "rank 0 on " + ranks.front().host + " is glimpse " + ranks.front().version + ", rank " +
         std::to_string(*other) + " on " + ranks[*other].host + " is " + ranks[*other].version +
         " (start the same build everywhere, by its full path)";
}

std::optional<std::string> refuse_commands(const std::vector<RankFacts>& ranks) {
  const auto other = find_other(ranks, [](const RankFacts& rank) { return rank.command; });
  if (!other) {
    return std::nullopt;
  }
  return "rank 0 on " + ranks.front().host + " and rank " + std::to_string(*other) + " on " +
         ranks[*other].host +
         " were told different things (give all ranks one command line, and the same study file)";
}

std::optional<std::string> refuse_crowds(const std::vector<RankFacts>& ranks) {
  const Dealt dealt = deal_cores(ranks);
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    if (!dealt[rank].empty() || ranks[rank].are_slots_given) {
      continue;
    }
    std::set<int> cores;
    std::size_t beside = 0;
    for (const RankFacts& other : ranks) {
      if (other.node == ranks[rank].node) {
        ++beside;
        cores.insert(other.cores.begin(), other.cores.end());
      }
    }
    return count_of(beside, "rank") + " on " + ranks[rank].host + " have " +
           count_of(cores.size(), "core") +
           " between them (start one rank per node with 'mpirun --map-by node --bind-to none', or "
           "say with --slots how many trials each rank runs at a time)";
  }
  return std::nullopt;
}

}  // namespace

std::string pack_facts(const RankFacts& facts) {
  ByteWriter bytes;
  bytes.text(facts.version);
  bytes.text(facts.command);
  bytes.text(facts.host);
  bytes.number(static_cast<std::uint64_t>(facts.node));
  bytes.number(facts.cores.size());
  for (const int core : facts.cores) {
    bytes.number(static_cast<std::uint64_t>(core));
  }
  bytes.number(facts.are_slots_given ? 1 : 0);
  return bytes.bytes();
}

RankFacts unpack_facts(std::string_view bytes) {
  ByteReader reader(bytes, "facts of a rank");
  const auto whole = [&] {
    const std::uint64_t value = reader.number();
    if (value > std::uint64_t{std::numeric_limits<int>::max()}) {
      reader.refuse(std::to_string(value) + " is out of range");
    }
    return static_cast<int>(value);
  };
  RankFacts facts;
  facts.version = reader.text();
  facts.command = reader.text();
  facts.host = reader.text();
  facts.node = whole();
  for (std::size_t left = reader.count(); left > 0; --left) {
    facts.cores.push_back(whole());
  }
  facts.are_slots_given = whole() != 0;
  reader.finish();
  return facts;
}

std::vector<std::vector<int>> deal_cores(const std::vector<RankFacts>& ranks) {
  std::map<int, std::set<int>> cores_of_nodes;
  for (const RankFacts& rank : ranks) {
    cores_of_nodes[rank.node].insert(rank.cores.begin(), rank.cores.end());
  }
  Dealt dealt(ranks.size());
  for (const auto& [node, cores] : cores_of_nodes) {
    for (const int core : cores) {
      dealt[pick_owner(core, ranks, node, dealt)].push_back(core);
    }
  }
  return dealt;
}

std::optional<std::string> find_refusal(const std::vector<RankFacts>& ranks) {
  if (auto refusal = refuse_versions(ranks)) {
    return refusal;
  }
  if (auto refusal = refuse_commands(ranks)) {
    return refusal;
  }
  // One process alone runs at least one trial, on whatever it has.
  return ranks.size() > 1 ? refuse_crowds(ranks) : std::nullopt;
}

std::optional<std::string> find_refusal(int size, const LaunchVariables& launch) {
  const int started = ranks_started(launch);
  if (size > 1 || started <= 1) {
    return std::nullopt;
  }
  const std::string copies = "started as " + std::to_string(started) + " independent copies; ";
  if (ranks_of_srun(launch) > 1) {
    return copies + "use `srun --mpi=pmix` (see `srun --mpi=list`) or `mpirun`";
  }
  return copies + "use the `mpirun` of the MPI that glimpse-mpi was built with";
}

}  // namespace glimpse::launcher
