#include "launcher/run/lead.h"

#include <deque>
#include <optional>
#include <utility>

#include "experiments/faults.h"
#include "launcher/attempt_folders.h"
#include "launcher/dataset_builder.h"
#include "launcher/held_results.h"
#include "launcher/results_folder.h"
#include "launcher/run/coordinator.h"
#include "launcher/run/run_screen.h"
#include "launcher/run/runnable.h"
#include "launcher/run/settle.h"
#include "launcher/run/spool_desk.h"
#include "launcher/run/study_run.h"
#include "launcher/until.h"
#include "launcher/usage_error.h"
#include "storage/files/file_lock.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;

constexpr double kPublishSeconds = 30;

std::string refusal(const storage::ResultsFolder& folder, const std::string& study) {
  const auto holder = storage::find_lock_holder(folder.lock());
  return "run: " + folder.root().string() + " is in use" +
         (holder ? " by process " + std::to_string(holder->pid) + " on " + holder->host : "") +
         " ('glimpse submit " + study + "' hands the study over to it)";
}

// Nothing: nobody takes the machine away.
std::optional<std::int64_t> end_of_time(const RunOptions& options, const Env& env) {
  const std::int64_t now = env.clock_ms() / 1000;
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
    settle(folder_,
           database,
           {.now_ms = part_.env.clock_ms(), .may_lack_attempts = live_.is_published()});
    Agent agent = make_agent(part_);
    Coordinator coordinator(database,
                            part_.world.transport(),
                            {.clock_ms = part_.env.clock_ms,
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
      const double left_s =
          static_cast<double>(*end) - static_cast<double>(part_.env.clock_ms()) / 1000;
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
    check_runnable(loaded.study, part_.env);
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

}  // namespace

int lead(const Part& part) {
  return Lead(part).run();
}

}  // namespace glimpse::launcher
