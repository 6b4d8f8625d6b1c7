// One rank of a job that goes wrong in the way its first argument names. Others probe until they
// are ended.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include "launcher/environment.h"
#include "launcher/exit_code.h"
#include "launcher/run_in_world.h"
#include "launcher/transport/open_world.h"

namespace {

using glimpse::launcher::Crew;
using glimpse::launcher::Env;
using glimpse::launcher::Environment;
using glimpse::launcher::RankClaim;
using glimpse::launcher::World;

// Until somebody ends this rank.
[[noreturn]] void probe_for_ever(World& world) {
  for (;;) {
    world.transport().try_receive();
    std::this_thread::sleep_for(glimpse::launcher::kProbeInterval);
  }
}

int work(const std::string& how, World& world, const Crew& crew) {
  const int rank = world.transport().rank();
  if (how == "throw") {
    if (rank == 1) {
      throw std::runtime_error("rank 1 broke on purpose");
    }
    probe_for_ever(world);
  }
  if (how == "leave") {
    if (rank == 1) {
      std::exit(9);
    }
    probe_for_ever(world);
  }
  if (rank == 0) {
    std::cout << "worked on " << crew.ranks.size() << " ranks" << std::endl;
    return 3;
  }
  return 0;
}

// The second argument, which may differ between ranks, is part of what the first names.
RankClaim claim_of(const std::string& how, const std::string& own) {
  RankClaim claim{.version = glimpse::launcher::version_claim(),
                  .command = "same",
                  .are_slots_given = how != "crowd"};
  (how == "version" ? claim.version : claim.command) += own;
  return claim;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  const Environment environment = glimpse::launcher::read_environment();
  glimpse::launcher::Log log(std::cerr, glimpse::launcher::Verbosity::kNormal, false);
  Env env{.out = std::cout,
          .err = std::cerr,
          .log = log,
          .environment = environment,
          .settings = {},
          .terminal = {},
          .has_colour = false,
          .shows_progress = false,
          .program_dir = {},
          .now_s = [] { return 0.0; },
          .clock_ms = [] { return std::int64_t{0}; },
          .open_world = glimpse::launcher::open_world};
  try {
    return run_in_world(claim_of(how, argc > 2 ? argv[2] : ""),
                        env,
                        [&](World& world, const Crew& crew) { return work(how, world, crew); });
  } catch (const std::exception& error) {
    return print_failure(glimpse::launcher::explain(error), std::cerr);
  }
}
