#include "launcher/commands/submit.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <thread>

#include "experiments/faults.h"
#include "launcher/detached.h"
#include "launcher/log_file.h"
#include "launcher/plan_view.h"
#include "launcher/results_folder.h"
#include "launcher/spool/spool_client.h"
#include "launcher/study_source.h"
#include "launcher/study_text.h"
#include "launcher/usage_error.h"
#include "storage/files/file_io.h"
#include "storage/files/file_lock.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;
using storage::LockHolder;
using storage::ResultsFolder;

// A run that cannot do its work says so soon after it took the folder, and one that can answers.
// Who is still at its datasets after that is left to them.
constexpr std::chrono::seconds kFirstSteps{10};
constexpr std::chrono::milliseconds kAnswer{500};
constexpr std::chrono::milliseconds kNap{20};

std::string described(const LockHolder& holder) {
  return "process " + std::to_string(holder.pid) + " on " + holder.host;
}

// A command that the person can type as it stands.
std::string typed(const std::string& verb, const Env& env) {
  const Setting& results = env.settings.results;
  return "'glimpse " + verb + (results.origin == "--results" ? " --results " + results.value : "") +
         "'";
}

void tell_how_to_follow(Env& env) {
  env.log.info("follow it with " + typed("status -w", env) + " or " + typed("logs -f RUN", env) +
               ", end it with " + typed("stop --all", env));
}

// A coordinator that was started elsewhere would look for the file in its own folder.
void check_paths(const LoadedStudy& loaded) {
  const auto& dataset = loaded.study.dataset;
  if (dataset && !dataset->file.empty() && fs::path(dataset->file).is_relative()) {
    throw UsageError("submit " + loaded.study.name + ": dataset.file is relative to this folder, " +
                     "where the running coordinator may not be (give dataset.file=" +
                     fs::absolute(dataset->file).string() + ")");
  }
}

// Nothing: nobody answered.
std::optional<int> hand_over(const LoadedStudy& loaded, const ResultsFolder& folder, Env& env) {
  check_paths(loaded);
  const std::string hash = store_study_text(loaded, folder);
  const auto reply =
      ask(folder.spool(), SubmitCommand{.text_hash = hash, .study = loaded.study.name});
  if (!reply) {
    return std::nullopt;
  }
  if (reply->exit != experiments::ExitCode::kDone) {
    env.log.error("submit " + loaded.study.name + ": " + reply->text);
    return static_cast<int>(reply->exit);
  }
  env.log.info(loaded.study.name + ": " + reply->text);
  tell_how_to_follow(env);
  return 0;
}

std::vector<std::string> run_command(const SubmitOptions& options, const Env& env) {
  std::vector<std::string> words = {(env.program_dir / "glimpse").string(), "run", options.study};
  words.insert(words.end(), options.overrides.begin(), options.overrides.end());
  words.insert(words.end(), {"--results", env.settings.results.value, "--color", "never"});
  if (!env.settings.data_dir.value.empty()) {
    words.insert(words.end(), {"--data-dir", env.settings.data_dir.value});
  }
  return words;
}

bool holds(int pid, const ResultsFolder& folder) {
  const auto holder = storage::find_lock_holder(folder.lock());
  return holder && holder->pid == pid && holder->host == storage::make_lock_holder().host;
}

bool answers(const ResultsFolder& folder) {
  try {
    return ask(folder.spool(), PingCommand{}, kAnswer).has_value();
  } catch (const storage::StorageError&) {
    return false;  // it took the question and was too busy to answer
  }
}

// The exit code of a run that ended before it got anywhere.
std::optional<int> watch_first_steps(int pid, const ResultsFolder& folder) {
  std::optional<int> ended = try_end_of_child(pid);
  while (!ended && !holds(pid, folder)) {
    std::this_thread::sleep_for(kNap);
    ended = try_end_of_child(pid);
  }
  const auto end = std::chrono::steady_clock::now() + kFirstSteps;
  while (!ended && !answers(folder) && std::chrono::steady_clock::now() < end) {
    ended = try_end_of_child(pid);
  }
  return ended ? ended : try_end_of_child(pid);
}

void show_end_of_log(const fs::path& path, std::uint64_t from, Env& env) {
  constexpr std::size_t kLines = 20;
  const LogFile log(path);
  std::istringstream text(log.read(std::max(from, log.start_of_last(kLines))));
  for (std::string line; std::getline(text, line);) {
    env.log.info("run.log: " + line);
  }
}

int start(const SubmitOptions& options,
          const std::string& study,
          const ResultsFolder& folder,
          Env& env) {
  storage::make_folders(folder.root());
  const fs::path log = folder.root() / "run.log";
  const std::uint64_t before = fs::exists(log) ? LogFile(log).size() : 0;
  const int pid = start_detached(run_command(options, env), log);
  const std::optional<int> ended = watch_first_steps(pid, folder);
  if (!ended) {
    env.log.info(study + ": runs in the background as process " + std::to_string(pid) +
                 ", which writes to " + log.string());
    tell_how_to_follow(env);
    return 0;
  }
  show_end_of_log(log, before, env);
  if (*ended == 0) {
    env.log.info(study + ": has ended already");
  } else {
    env.log.error("submit " + study + ": 'glimpse run' ended with exit code " +
                  std::to_string(*ended) + " (its last lines stand above and in " + log.string() +
                  ")");
  }
  return *ended;
}

int tell_only(const std::string& study,
              const std::optional<LockHolder>& holder,
              const ResultsFolder& folder,
              Env& env) {
  env.log.info("submit: would " +
               (holder ? "hand " + study + " over to " + described(*holder)
                       : "start 'glimpse run' for " + study + " in the background") +
               ", in " + folder.root().string());
  return 0;
}

}  // namespace

int submit(const SubmitOptions& options, Env& env) {
  const LoadedStudy loaded = load_study(options.study, options.overrides, env.settings);
  static_cast<void>(plan_study(loaded, env.settings));  // what is wrong is told here, not in a log
  const ResultsFolder folder = results_folder(env.settings);
  const auto holder = storage::find_lock_holder(folder.lock());
  if (options.is_dry_run) {
    return tell_only(loaded.study.name, holder, folder, env);
  }
  if (holder) {
    if (const auto code = hand_over(loaded, folder, env)) {
      return *code;
    }
    if (const auto still = storage::find_lock_holder(folder.lock())) {
      throw storage::StorageError(
          storage::StorageFault::kBusy,
          folder.root(),
          "submit " + loaded.study.name + ": " + described(*still) + " holds " +
              folder.root().string() +
              " and does not answer (a merge or gc ends by itself; a run says in its log what it "
              "does)");
    }
  }
  return start(options, loaded.study.name, folder, env);
}

}  // namespace glimpse::launcher
