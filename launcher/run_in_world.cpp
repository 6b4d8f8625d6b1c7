#include "launcher/run_in_world.h"

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "experiments/faults.h"
#include "launcher/build_info.h"
#include "launcher/cores.h"
#include "launcher/exit_code.h"
#include "launcher/transport/launch_error.h"
#include "storage/files/lock_holder.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;

std::vector<int> own_cores() {
  std::vector<int> cores(static_cast<std::size_t>(available_cores()));
  for (std::size_t n = 0; n < cores.size(); ++n) {
    cores[n] = nth_core(static_cast<int>(n));
  }
  return cores;
}

std::vector<RankFacts> meet(const RankClaim& claim, World& world) {
  const RankFacts mine{.version = claim.version,
                       .command = claim.command,
                       .host = storage::make_lock_holder().host,
                       .node = world.place().node,
                       .cores = own_cores(),
                       .are_slots_given = claim.are_slots_given};
  std::vector<RankFacts> ranks;
  for (const std::string& facts : world.all_gather(pack_facts(mine))) {
    ranks.push_back(unpack_facts(facts));
  }
  return ranks;
}

// Does not return where there are others: they would wait for this rank.
void fail(const std::exception& error, World& world, Env& env) {
  Failure failure = explain(error);
  for (std::string& line : failure.lines) {
    line.insert(0, "rank " + std::to_string(world.transport().rank()) + ": ");
  }
  failure.has_places = false;
  print_failure(failure, env.err);
  env.out.flush();
  world.fail(static_cast<int>(failure.code));
}

struct Outcome {
  int code = 0;
  std::optional<std::string> refusal;  // the same on every rank
};

Outcome meet_and_work(const RankClaim& claim,
                      Env& env,
                      World& world,
                      const std::function<int(World&, const Crew&)>& work) {
  Outcome outcome{.code = 0,
                  .refusal = find_refusal(world.transport().size(), env.environment.launch)};
  if (!outcome.refusal) {
    std::vector<RankFacts> ranks = meet(claim, world);
    outcome.refusal = find_refusal(ranks);
    if (!outcome.refusal) {
      const auto rank = static_cast<std::size_t>(world.transport().rank());
      std::vector<int> cores = deal_cores(ranks).at(rank);
      outcome.code = work(world, Crew{std::move(ranks), std::move(cores)});
    }
  }
  world.finish();
  return outcome;
}

}  // namespace

std::string version_claim() {
  const BuildInfo info = build_info();
  return info.version + " (" + info.commit + ")";
}

int run_in_world(const RankClaim& claim,
                 Env& env,
                 const std::function<int(World&, const Crew&)>& work) {
  const std::unique_ptr<World> world = env.open_world();
  const int rank = world->transport().rank();
  const bool is_alone = world->transport().size() == 1;
  Outcome outcome;
  try {
    outcome = meet_and_work(claim, env, *world, work);
  } catch (const std::exception& error) {
    if (!is_alone) {
      fail(error, *world, env);
    }
    world->finish();
    throw;
  }
  if (outcome.refusal && rank == 0) {
    throw LaunchError(ExitCode::kBadConfig, *outcome.refusal);
  }
  return outcome.code;
}

}  // namespace glimpse::launcher
