#include "launcher/commands/run.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <deque>
#include <filesystem>
#include <optional>
#include <utility>

#include "experiments/faults.h"
#include "experiments/hash/sha256.h"
#include "experiments/json/study_json.h"
#include "launcher/attempt_folders.h"
#include "launcher/children/child_environment.h"
#include "launcher/children/oom_watch.h"
#include "launcher/children/process_children.h"
#include "launcher/cores.h"
#include "launcher/dataset_builder.h"
#include "launcher/held_results.h"
#include "launcher/interruption.h"
#include "launcher/node_slots.h"
#include "launcher/on_finish.h"
#include "launcher/output.h"
#include "launcher/plan_view.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/run/event_loop.h"
#include "launcher/run/run_screen.h"
#include "launcher/run/settle.h"
#include "launcher/run/spool_desk.h"
#include "launcher/run_in_world.h"
#include "launcher/staging.h"
#include "launcher/until.h"
#include "launcher/usage_error.h"
#include "storage/files/file_lock.h"
#include "storage/sqlite/results_store.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::ExitCode;
using experiments::Study;
using experiments::StudyKind;
using storage::StorageError;
using storage::StorageFault;

constexpr int kMostSlots = 1024;
constexpr double kPublishSeconds = 30;

std::int64_t clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool uses_gpus(const Study& study) {
  return study.resources.gpus > 0;
}

void check_runnable(const Study& study) {
  const experiments::Resources& resources = study.resources;
  if (study.kind == StudyKind::kTrain && (resources.members > 1 || resources.gpus > 1)) {
    throw UsageError("run " + study.name +
                     ": this version trains each trial in one process on cores or on one GPU (give "
                     "resources.members=1 resources.gpus=1)");
  }
}

fs::path worker_program(const Study& study, const Env& env) {
  return env.program_dir / (uses_gpus(study) ? "glimpse-worker-cuda" : "glimpse-worker");
}

void check_worker(const Study& study, const Env& env) {
  const fs::path program = worker_program(study, env);
  if (study.kind == StudyKind::kTrain && !fs::exists(program)) {
    throw StorageError(StorageFault::kMissing,
                       program,
                       "run: " + program.string() + " is missing (this build has no " +
                           (uses_gpus(study) ? "CUDA" : "LibTorch") + "; see 'glimpse doctor')");
  }
}

std::string refusal(const storage::ResultsFolder& folder, const std::string& study) {
  const auto holder = storage::find_lock_holder(folder.lock());
  return "run: " + folder.root().string() + " is in use" +
         (holder ? " by process " + std::to_string(holder->pid) + " on " + holder->host : "") +
         " ('glimpse submit " + study + "' hands the study over to it)";
}

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

// One process's part of a run. References outlive it.
struct Part {
  const RunOptions& options;
  const LoadedStudy& loaded;
  Children& children;
  const Interruption& interruption;
  World& world;
  const Crew& crew;
  Env& env;
  const NodeSlots& slots;
};

NodeSlots find_slots(const LoadedStudy& loaded,
                     const RunOptions& options,
                     const Crew& crew,
                     World& world,
                     const Env& env) {
  const std::optional<int> given = given_slots(options, env);
  return uses_gpus(loaded.study) ? gpu_slots(crew, world, given, worker_program(loaded.study, env))
                                 : core_slots(crew, given);
}

// Before the loop, which a copy of gigabytes would stop. The datasets are there by then.
StagedDatasets stage(const Part& part) {
  if (part.options.stage.empty()) {
    return {};
  }
  const Settings& settings = part.env.settings;
  std::vector<fs::path> files;
  for (const PlannedDataset& dataset :
       planned_datasets(part.loaded.study, plan_study(part.loaded, settings), settings)) {
    files.push_back(dataset.path);
  }
  return stage_datasets(files, part.options.stage, part.interruption, part.env.log);
}

Agent make_agent(const Part& part) {
  Transport& transport = part.world.transport();
  return Agent({.folder = results_folder(part.env.settings),
                .cores = part.slots.cores,
                .gpus = part.slots.gpus,
                .worker = worker_program(part.loaded.study, part.env),
                .environment = child_environment(list_environment(), {}),
                .staged = stage(part)},
               part.children,
               {.send = [&transport](Message message) { transport.send(0, std::move(message)); },
                .clock_ms = clock_ms,
                .now_s = part.env.now_s,
                .take_oom_kill = [watch = OomWatch()]() mutable { return watch.take_kill(); }});
}

void join(const Part& part) {
  Transport& transport = part.world.transport();
  const auto rank = static_cast<std::size_t>(transport.rank());
  transport.send(0,
                 JoinMessage{.host = part.crew.ranks.at(rank).host,
                             .slots = part.slots.count,
                             .memory_bytes = physical_memory(),
                             .description = part.slots.description});
}

LoopPorts loop_ports(const Part& part, std::function<void()> tick) {
  return {.take_signal = [&part] { return part.interruption.take(); },
          .now_s = part.env.now_s,
          .tick = std::move(tick)};
}

int follow(const Part& part) {
  if (!part.options.stage.empty()) {
    build_datasets(part.loaded, part.env);  // rank 0 builds, too: this one waits for it
  }
  Agent agent = make_agent(part);
  join(part);
  run_agent(agent, part.world.transport(), loop_ports(part, [] {}));
  return static_cast<int>(ExitCode::kDone);
}

// Nothing: nobody takes the machine away.
std::optional<std::int64_t> end_of_time(const RunOptions& options, const Env& env) {
  const std::int64_t now = clock_ms() / 1000;
  if (!options.until.empty()) {
    const auto until = parse_until(options.until, now);
    if (!until) {
      throw UsageError("--until " + options.until +
                       ": no time to come (say 8h, 23:30 or 2026-11-21T23:30)");
    }
    return until;
  }
  return parse_job_end(env.environment.slurm_job_end_time);
}

std::optional<experiments::FaultClass> wanted_fault(const std::string& name) {
  if (name.empty()) {
    return std::nullopt;
  }
  const experiments::FaultRow* const row = experiments::find_fault(name);
  if (row == nullptr) {
    throw UsageError("--retry-failed " + name + ": no such class of failure");
  }
  return row->fault;
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

// Rank 0's part, from the lock of the folder to its release.
class Lead {
 public:
  explicit Lead(const Part& part)
      : part_(part),
        folder_(results_folder(part.env.settings)),
        lock_(lock_folder(folder_, [&] { return refusal(folder_, part.options.study); })),
        live_(folder_),
        spool_(folder_.spool(),
               {.tell = [&part](const std::string& line) { part.env.log.warn(line); }}),
        screen_(part.env) {}

  int run() {
    // First, for planning reads it, and one that a full disk left without its tables is whole then.
    storage::DatabaseThread database(live_.database());
    build_datasets(part_.loaded, part_.env);
    const int code = run_on(database);
    database.close();
    live_.publish();
    return code;
  }

 private:
  int run_on(storage::DatabaseThread& database) {
    // A merge that was cut off may have left attempts without their numbers.
    database
        .submit([this](storage::ResultsStore& store) {
          finish_moves(store.database(), folder_, [this] { live_.publish(); });
        })
        .get();
    settle(folder_, database, {.now_ms = clock_ms(), .may_lack_attempts = live_.is_published()});
    Agent agent = make_agent(part_);
    Coordinator coordinator(folder_,
                            database,
                            part_.world.transport(),
                            {.clock_ms = clock_ms,
                             .now_s = part_.env.now_s,
                             .publish = [this] { live_.publish(); },
                             .tell = [this](const std::string& line) { screen_.info(line); },
                             .warn = [this](const std::string& line) { screen_.warn(line); }});
    set_deadline(coordinator);
    join(part_);
    begin(coordinator, database);
    SpoolDesk desk(spool_, coordinator, [&](const SubmitCommand& command) {
      return submit(command, coordinator, database);
    });
    run_coordinator(coordinator, agent, part_.world.transport(), loop_ports(part_, [&] {
                      desk.tick();
                      publish_at_times(database);
                      screen_.tick([&] { return coordinator.status(); });
                    }));
    coordinator.finish();
    return exit_code(coordinator);
  }

  // Where the live database is not in the folder, readers see it half a minute late.
  void publish_at_times(storage::DatabaseThread& database) {
    if (live_.is_published() && part_.env.now_s() - published_s_ > kPublishSeconds) {
      published_s_ = part_.env.now_s();
      database.post([this](storage::ResultsStore&) { live_.publish(); },
                    [](const std::exception_ptr&) {});
    }
  }

  void set_deadline(Coordinator& coordinator) const {
    if (const auto end = end_of_time(part_.options, part_.env)) {
      const double left_s = static_cast<double>(*end) - static_cast<double>(clock_ms()) / 1000;
      coordinator.set_deadline(part_.env.now_s() + left_s, stop_margin_s(left_s));
    }
  }

  void begin(Coordinator& coordinator, storage::DatabaseThread& database) {
    StudyRun& study = studies_.emplace_back(part_.loaded, part_.env.settings, database);
    if (part_.options.retried) {
      study.retry_failed(wanted_fault(*part_.options.retried));
    }
    if (coordinator.add(study) == 0) {
      screen_.info(study.study().name + ": nothing to do");
    }
  }

  std::string submit(const SubmitCommand& command,
                     Coordinator& coordinator,
                     storage::DatabaseThread& database) {
    LoadedStudy loaded =
        load_study(folder_.study_file(command.text_hash).string(), {}, part_.env.settings);
    check_runnable(loaded.study);
    check_worker(loaded.study, part_.env);
    if (uses_gpus(loaded.study) != uses_gpus(part_.loaded.study)) {
      throw UsageError(loaded.study.name + ": the slots of this run are " +
                       (uses_gpus(loaded.study) ? "cores, not GPUs" : "GPUs, not cores") +
                       " (run it in a results folder of its own)");
    }
    StudyRun& study = studies_.emplace_back(std::move(loaded), part_.env.settings, database);
    const std::size_t left = coordinator.add(study);
    return study.study().name + ": " + std::to_string(left) + " trials to do";
  }

  int exit_code(const Coordinator& coordinator) {
    const RunStatus status = coordinator.status();
    std::size_t failed = status.failed;
    for (const StudyRun& study : studies_) {
      failed += study.failed_before();
    }
    if (failed > 0) {
      part_.env.log.warn(std::to_string(failed) + (failed == 1 ? " trial has" : " trials have") +
                         " failed ('glimpse run --retry-failed' tries again)");
    }
    if (coordinator.was_stopped() || (failed == 0 && status.pending > 0)) {
      part_.env.log.info("not all is done; the same command goes on");
      return static_cast<int>(ExitCode::kInterrupted);
    }
    return static_cast<int>(failed > 0 ? ExitCode::kTrialsFailed : ExitCode::kDone);
  }

  const Part& part_;
  storage::ResultsFolder folder_;
  storage::FileLock lock_;
  LiveDatabase live_;
  double published_s_ = 0;
  SpoolServer spool_;
  RunScreen screen_;
  std::deque<StudyRun> studies_;
};

int lead(const Part& part) {
  const int code = Lead(part).run();
  print_cells(part.loaded.study, part.options, part.env);
  return code;
}

std::string command_digest(const LoadedStudy& loaded) {
  return experiments::hex(experiments::sha256(experiments::print_study(loaded.study)));
}

}  // namespace

int run(const RunOptions& options, Env& env) {
  // Before MPI, threads and locks, none of which its children may inherit.
  Spawner spawner;
  ProcessChildren children(spawner);
  const LoadedStudy loaded = load_study(options.study, options.overrides, env.settings);
  check_runnable(loaded.study);
  check_worker(loaded.study, env);
  env.shows_progress = !options.output.is_json;
  bool is_lead = false;
  int code = 0;
  {
    const Interruption interruption;
    const RankClaim claim{.version = version_claim(),
                          .command = command_digest(loaded),
                          .are_slots_given = given_slots(options, env).has_value()};
    code = run_in_world(claim, env, [&](World& world, const Crew& crew) {
      const NodeSlots slots = find_slots(loaded, options, crew, world, env);
      const Part part{options, loaded, children, interruption, world, crew, env, slots};
      is_lead = world.transport().rank() == 0;
      return is_lead ? lead(part) : follow(part);
    });
  }
  if (is_lead && !options.on_finish.empty()) {
    run_on_finish(options.on_finish,
                  {.study = loaded.study.name, .results = env.settings.results_dir(), .exit = code},
                  env.log);
  }
  return code;
}

}  // namespace glimpse::launcher
