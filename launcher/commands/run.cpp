#include "launcher/commands/run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

#include "experiments/faults.h"
#include "launcher/attempt_folders.h"
#include "launcher/cores.h"
#include "launcher/dataset_builder.h"
#include "launcher/interruption.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/run/study_run.h"
#include "launcher/usage_error.h"
#include "storage/files/file_lock.h"
#include "storage/sqlite/results_store.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::ExitCode;
using experiments::Study;
using storage::StorageError;
using storage::StorageFault;

std::int64_t clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void check_runnable(const Study& study) {
  if (study.kind != experiments::StudyKind::kTrain) {
    throw UsageError("run " + study.name + ": this version runs built-in models, not commands");
  }
  if (study.resources.gpus > 0 || study.resources.members > 1) {
    throw UsageError("run " + study.name +
                     ": this version trains each trial on the cores of this machine (give "
                     "resources.gpus=0 resources.members=1)");
  }
}

fs::path find_worker(const Env& env) {
  fs::path program = env.program_dir / "glimpse-worker";
  if (!fs::exists(program)) {
    throw StorageError(StorageFault::kMissing,
                       program,
                       "run: " + program.string() +
                           " is missing (this build has no LibTorch; see 'glimpse doctor')");
  }
  return program;
}

storage::FileLock lock_folder(const storage::ResultsFolder& folder) {
  storage::make_folders(folder.root());
  if (auto lock = storage::FileLock::try_acquire(folder.lock())) {
    return *std::move(lock);
  }
  const auto holder = storage::find_lock_holder(folder.lock());
  throw StorageError(
      StorageFault::kBusy,
      folder.root(),
      "run: " + folder.root().string() + " is in use" +
          (holder ? " by process " + std::to_string(holder->pid) + " on " + holder->host : "") +
          " (wait for it, or give --results a folder of its own)");
}

void build_datasets(const LoadedStudy& loaded, Env& env) {
  DatasetBuilder builder({.threads = available_cores()}, env);
  const experiments::Plan plan = plan_study(loaded, env.settings);
  for (const PlannedDataset& dataset : planned_datasets(loaded.study, plan, env.settings)) {
    builder.build(dataset.spec);
  }
}

// A core each where cores are left; more slots than that share them.
std::vector<WorkerSettings> make_slots(const RunOptions& options, const Study& study, Env& env) {
  const int cores = available_cores();
  const int each = study.resources.cores;
  const int slots = options.slots > 0 ? options.slots : std::max(1, cores / each);
  std::vector<WorkerSettings> settings;
  for (int slot = 0; slot < slots; ++slot) {
    settings.push_back({.program = find_worker(env), .threads = each});
    if (each == 1 && slots <= cores) {
      settings.back().core = nth_core(slot);
    }
  }
  return settings;
}

constexpr std::string_view kCells =
    "select parameters, name, n, mean, sd, min, max, run_ids from v_cells"
    " where study = :study and name = :metric order by parameters";
constexpr std::string_view kFailed =
    "select count(*) from v_plan where study = :study and state = 'failed'";

std::int64_t count_failed(const Study& study, const Settings& settings) {
  storage::Query results = open_results(settings);
  return std::get<std::int64_t>(
      query_table(results, kFailed, {{"study", study.name}}).rows.at(0).at(0));
}

void print_cells(const Study& study, const RunOptions& options, Env& env) {
  storage::Query results = open_results(env.settings);
  const std::string metric = study.table ? study.table->metric : "test_error";
  print_sections(
      "run",
      {{"cells", "", query_table(results, kCells, {{"study", study.name}, {"metric", metric}})}},
      options.output,
      env);
}

int exit_code(RunEnding ending, std::int64_t failed) {
  if (ending == RunEnding::kStopped) {
    return static_cast<int>(ExitCode::kInterrupted);
  }
  return static_cast<int>(failed > 0 ? ExitCode::kTrialsFailed : ExitCode::kDone);
}

// Until planning again finds nothing more to do.
RunEnding run_all(const LoadedStudy& loaded,
                  const RunOptions& options,
                  const Interruption& interruption,
                  storage::DatabaseThread& database,
                  Env& env) {
  int stops = 0;
  Agent agent(make_slots(options, loaded.study, env), clock_ms);
  Coordinator coordinator(results_folder(env.settings),
                          database,
                          agent,
                          {.clock_ms = clock_ms,
                           .stops_asked = [&] { return stops += interruption.take() ? 1 : 0; },
                           .tell = [&env](const std::string& line) { env.log.info(line); }});
  coordinator.settle();
  StudyRun study(loaded, env.settings, database);
  std::vector<RunnableTrial> trials = study.plan(clock_ms());
  if (trials.empty()) {
    env.log.info(loaded.study.name + ": nothing to do");
  }
  while (!trials.empty()) {
    if (coordinator.run(std::move(trials), loaded.study.retry_max) == RunEnding::kStopped) {
      return RunEnding::kStopped;
    }
    trials = study.plan(clock_ms());
  }
  return RunEnding::kDone;
}

}  // namespace

int run(const RunOptions& options, Env& env) {
  const LoadedStudy loaded = load_study(options.study, options.overrides, env.settings);
  check_runnable(loaded.study);
  env.shows_progress = !options.output.is_json;
  const storage::ResultsFolder folder = results_folder(env.settings);
  const storage::FileLock lock = lock_folder(folder);
  build_datasets(loaded, env);
  const Interruption interruption;  // before there are threads
  storage::DatabaseThread database(folder.database());
  // A merge that was cut off may have left attempts without their numbers.
  database
      .submit([&folder](storage::ResultsStore& store) {
        finish_moves(store.database(), folder, [] {});
      })
      .get();
  const RunEnding ending = run_all(loaded, options, interruption, database, env);
  database.close();
  const std::int64_t failed = count_failed(loaded.study, env.settings);
  if (failed > 0) {
    env.log.warn(std::to_string(failed) + " trials have failed and stay so ('glimpse status')");
  }
  if (ending == RunEnding::kStopped) {
    env.log.info("stopped; the same command goes on");
  }
  print_cells(loaded.study, options, env);
  return exit_code(ending, failed);
}

}  // namespace glimpse::launcher
