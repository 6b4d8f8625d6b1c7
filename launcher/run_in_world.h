#pragma once

// From a process to a rank among others: everything a command does with other ranks happens in
// here, since a rank that leaves in any other way keeps the others waiting for ever.

#include <functional>
#include <string>
#include <vector>

#include "launcher/env.h"
#include "launcher/ranks.h"
#include "launcher/transport/world.h"

namespace glimpse::launcher {

// Ranks that claim different things do not work together.
struct RankClaim {
  std::string version;  // version_claim()
  std::string command;  // digest of the study and of the options that decide
  bool are_slots_given = false;
};

// Version and commit of this build.
std::string version_claim();

// What all ranks know of each other once they have met.
struct Crew {
  std::vector<RankFacts> ranks;  // by rank
  std::vector<int> cores;        // this rank's share; may be empty where slots are given
};

// Opens the world, which is where MPI starts, and calls `work` on every rank; the result is its
// exit code. Each rank's work must end by itself: it is over when all have ended. What `work`
// throws on one of several ranks is told there, and ends them all with its exit code. Ranks that do
// not fit together end with 78, and rank 0 says why; so do copies that do not know of each other.
int run_in_world(const RankClaim& claim,
                 Env& env,
                 const std::function<int(World&, const Crew&)>& work);

}  // namespace glimpse::launcher
