#include "launcher/commands/run.h"

#include <charconv>
#include <optional>
#include <string>

#include "experiments/hash/sha256.h"
#include "experiments/json/study_json.h"
#include "launcher/children/process_children.h"
#include "launcher/children/spawner.h"
#include "launcher/interruption.h"
#include "launcher/node_slots.h"
#include "launcher/on_finish.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/run/lead.h"
#include "launcher/run/runnable.h"
#include "launcher/run_in_world.h"
#include "launcher/usage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::Study;
using experiments::StudyKind;

constexpr int kMostSlots = 1024;

// Nothing: as many as there are cores.
std::optional<int> given_slots(const RunOptions& options, const Env& env) {
  const std::string& set = env.environment.slots;
  if (options.slots > 0 || set.empty()) {
    return options.slots > 0 ? std::optional(options.slots) : std::nullopt;
  }
  int slots = 0;
  const auto end = std::from_chars(set.data(), set.data() + set.size(), slots);
  if (end.ec != std::errc() || end.ptr != set.data() + set.size() || slots < 1 ||
      slots > kMostSlots) {
    throw UsageError("GLIMPSE_SLOTS=" + set + ": give a whole number from 1 to " +
                     std::to_string(kMostSlots));
  }
  return slots;
}

NodeSlots find_slots(const LoadedStudy& loaded,
                     const RunOptions& options,
                     const Crew& crew,
                     World& world,
                     const Env& env) {
  const std::optional<int> given = given_slots(options, env);
  return uses_gpus(loaded.study) ? gpu_slots(crew, world, given, worker_program(loaded.study, env))
                                 : core_slots(crew, given);
}

constexpr std::string_view kCells =
    "select parameters, name, n, mean, sd, min, max, run_ids from v_cells"
    " where study = :study and name = :metric order by parameters";
void print_cells(const Study& study, const RunOptions& options, Env& env) {
  storage::Query results = open_results(env.settings);
  const bool is_command = study.kind == StudyKind::kCommand;
  const std::string metric = study.table  ? study.table->metric
                             : is_command ? study.metric.name
                                          : "test_error";
  print_sections(
      "run",
      {{"cells", "", query_table(results, kCells, {{"study", study.name}, {"metric", metric}})}},
      options.output,
      env);
}

std::string command_digest(const LoadedStudy& loaded) {
  return experiments::hex(experiments::sha256(experiments::print_study(loaded.study)));
}

}  // namespace

RunEnd run_study(const RunOptions& options, const LoadedStudy& loaded, Env& env) {
  // Before MPI, threads and locks, none of which its children may inherit.
  Spawner spawner;
  ProcessChildren children(spawner);
  check_runnable(loaded.study, env);
  env.shows_progress = !options.output.is_json;
  RunEnd end{.is_lead = false};
  {
    const Interruption interruption;
    const RankClaim claim{.version = version_claim(),
                          .command = command_digest(loaded),
                          .are_slots_given = given_slots(options, env).has_value()};
    end.code = run_in_world(claim, env, [&](World& world, const Crew& crew) {
      const NodeSlots slots = find_slots(loaded, options, crew, world, env);
      const Part part{options, loaded, children, interruption, world, crew, env, slots};
      end.is_lead = world.transport().rank() == 0;
      return end.is_lead ? lead(part) : follow(part);
    });
  }
  if (end.is_lead && !options.on_finish.empty()) {
    run_on_finish(
        options.on_finish,
        {.study = loaded.study.name, .results = env.settings.results_dir(), .exit = end.code},
        env.log);
  }
  return end;
}

int run(const RunOptions& options, Env& env) {
  const LoadedStudy loaded = load_study(options.study, options.overrides, env.settings);
  const RunEnd end = run_study(options, loaded, env);
  if (end.is_lead) {
    print_cells(loaded.study, options, env);
  }
  return end.code;
}

}  // namespace glimpse::launcher
