#include "launcher/commands/stop.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <utility>

#include "experiments/faults.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/spool/spool_client.h"
#include "launcher/usage_error.h"
#include "storage/files/file_lock.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;
using storage::ResultsFolder;
using What = StopCommand::What;
using Attempts = std::set<std::pair<std::string, std::int64_t>>;  // run id and number

constexpr std::chrono::milliseconds kNap{200};

std::vector<StopCommand> commands_of(const StopOptions& options, Env& env) {
  if (options.is_all) {
    return {{.what = What::kAll, .name = {}, .is_now = options.is_now}};
  }
  storage::Query results = open_results(env.settings);
  const std::vector<std::string> studies =
      query_names(env.settings, "select distinct study from v_studies");
  std::vector<StopCommand> commands;
  for (const std::string& target : options.targets) {
    const bool is_study = std::find(studies.begin(), studies.end(), target) != studies.end();
    commands.push_back({.what = is_study ? What::kStudy : What::kRun,
                        .name = is_study ? target : pick_run(target, results),
                        .is_now = options.is_now});
  }
  return commands;
}

// Those that run now and are meant by the command.
Attempts running_attempts(const StopCommand& command, const Settings& settings) {
  Attempts attempts;
  if (!has_database(settings)) {
    return attempts;
  }
  storage::Query results = open_results(settings);
  const reports::TextTable table = query_table(
      results,
      "select run_id, attempt from v_attempts where state = 'running' and (:what = 'all'"
      " or run_id = :name or :what = 'study' and run_id in"
      " (select run_id from v_plan where study = :name))",
      {{"what",
        std::string(command.what == What::kAll     ? "all"
                    : command.what == What::kStudy ? "study"
                                                   : "run")},
       {"name", command.name}});
  for (const reports::Row& row : table.rows) {
    attempts.emplace(reports::render_exact(row[0]), std::get<std::int64_t>(row[1]));
  }
  return attempts;
}

// Until none of them runs, or nobody is there who could end them.
void wait_for_end(const StopCommand& command,
                  const Attempts& stopped,
                  const ResultsFolder& folder,
                  Env& env) {
  const auto is_running = [&] {
    const Attempts now = running_attempts(command, env.settings);
    return std::ranges::any_of(stopped, [&](const auto& attempt) { return now.contains(attempt); });
  };
  while (is_running()) {
    if (!storage::find_lock_holder(folder.lock())) {
      env.log.info("the coordinator has ended");
      return;
    }
    std::this_thread::sleep_for(kNap);
  }
  env.log.info(std::to_string(stopped.size()) + " running attempts have ended");
}

ExitCode stop_one(const StopCommand& command,
                  const StopOptions& options,
                  const ResultsFolder& folder,
                  Env& env) {
  const Attempts running = running_attempts(command, env.settings);
  const auto reply = ask(folder.spool(), command);
  if (!reply) {
    if (!storage::find_lock_holder(folder.lock())) {
      env.log.info("the coordinator has ended");
      return ExitCode::kDone;
    }
    throw storage::StorageError(storage::StorageFault::kBusy,
                                folder.root(),
                                "stop: whoever holds " + folder.root().string() +
                                    " does not answer (a merge or gc ends by itself)");
  }
  if (reply->exit != ExitCode::kDone) {
    env.log.error("stop: " + reply->text);
    return reply->exit;
  }
  env.log.info(reply->text);
  if (options.waits) {
    wait_for_end(command, running, folder, env);
  }
  return ExitCode::kDone;
}

}  // namespace

int stop(const StopOptions& options, Env& env) {
  if (options.is_all == !options.targets.empty()) {
    throw UsageError(options.is_all
                         ? "stop: --all means everything; name studies and runs, or give --all"
                         : "stop: name studies or runs, or give --all");
  }
  const ResultsFolder folder = results_folder(env.settings);
  if (!storage::find_lock_holder(folder.lock())) {
    env.log.info("nothing runs in " + folder.root().string());
    return 0;
  }
  ExitCode worst = ExitCode::kDone;
  for (const StopCommand& command : commands_of(options, env)) {
    const ExitCode code = stop_one(command, options, folder, env);
    worst = worst == ExitCode::kDone ? code : worst;
  }
  return static_cast<int>(worst);
}

}  // namespace glimpse::launcher
