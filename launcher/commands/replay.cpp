#include "launcher/commands/replay.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include <sys/wait.h>

#include "experiments/faults.h"
#include "experiments/json/record_json.h"
#include "experiments/json/trial_json.h"
#include "experiments/model_table.h"
#include "launcher/child_program.h"
#include "launcher/dataset_store.h"
#include "launcher/held_results.h"
#include "launcher/interruption.h"
#include "launcher/output.h"
#include "launcher/replay_reasons.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/files/journal.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using experiments::Assignment;
using experiments::ExitCode;
using experiments::TrialFile;
using storage::StorageError;
using storage::StorageFault;

constexpr auto kBetweenLooks = std::chrono::milliseconds(50);

struct RecordedRun {
  std::string run_id;
  std::string study;
  TrialFile trial;
  std::map<std::int64_t, std::string> hashes;  // of the weights, by epoch
  std::vector<Assignment> environments;        // of its attempts
};

Assignment parse_environment(const std::string& json) {
  return experiments::parse_trial(R"({"kind": "command", "parameters": )" + json + "}",
                                  "environment")
      .parameters;
}

RecordedRun load_run(const ReplayOptions& options, const Env& env) {
  storage::Query results = open_results(env.settings);
  RecordedRun run;
  run.run_id = pick_run(options.run, results);
  const std::vector<storage::QueryParameter> parameters = {{"run", run.run_id}};
  const auto rows = [&](const char* sql) { return query_table(results, sql, parameters).rows; };
  const reports::Row facts = rows("select study, kind from v_trials where run_id = :run").at(0);
  run.study = reports::render_exact(facts[0]);
  if (reports::render_exact(facts[1]) != "train") {
    throw UsageError("replay " + options.run +
                     ": a program of your own trained it, whose weights nobody knows (compare its "
                     "metrics: 'glimpse show " +
                     run.run_id.substr(0, 8) + "')");
  }
  for (const reports::Row& row :
       rows("select epoch, weights_hash from v_epochs where run_id = :run and weights_hash <> ''"
            " order by epoch, attempt")) {
    run.hashes.emplace(std::get<std::int64_t>(row[0]), reports::render_exact(row[1]));
  }
  for (const reports::Row& row :
       rows("select distinct environment from v_attempts where run_id = :run and environment is not"
            " null order by attempt")) {
    run.environments.push_back(parse_environment(reports::render_exact(row[0])));
  }
  if (run.hashes.empty()) {
    throw UsageError("replay " + options.run +
                     ": it has completed no epoch that could be compared ('glimpse run " +
                     run.study + "' trains it)");
  }
  const storage::ResultsFolder folder = existing_results_folder(env.settings);
  run.trial = experiments::parse_training(folder.load_trial(run.run_id),
                                          folder.trial_file(run.run_id).string());
  return run;
}

fs::path find_data(const ReplayOptions& options, const RecordedRun& run, const Env& env) {
  if (!options.dataset.empty()) {
    return find_dataset(options.dataset, env.settings);
  }
  const std::string hash = run.trial.dataset.substr(0, 32);
  for (const fs::path& file : list_dataset_files(existing_results_folder(env.settings))) {
    if (file.stem().string().ends_with("-" + hash)) {
      return file;
    }
  }
  throw StorageError(StorageFault::kMissing,
                     hash,
                     "replay " + options.run + ": its dataset " + hash +
                         " is not in the results folder ('glimpse dataset build " + run.study +
                         "' makes it again; --dataset names a file of your own)");
}

fs::path make_kept(const std::string& folder) {
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
    throw UsageError("--keep " + folder + ": something is there (name a new folder)");
  }
  storage::make_folders(folder);
  return folder;
}

// Ends with its object.
class Worker {
 public:
  explicit Worker(const std::vector<std::string>& arguments)
      : pid_(start_program(arguments, std::array{Redirection{.from = 2, .to = 1}})) {}
  ~Worker() {
    if (!has_ended_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  Worker(Worker&&) = delete;
  Worker& operator=(Worker&&) = delete;

  // Its status, once it has ended.
  std::optional<int> look() {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == 0) {
      return std::nullopt;
    }
    has_ended_ = true;
    return wait_for_child(pid_);
  }

 private:
  int pid_;
  bool has_ended_ = false;
};

class Replay {
 public:
  Replay(const RecordedRun& run, std::int64_t last, Env& env) : run_(run), last_(last), env_(env) {}

  // Takes what the journal has gained; true once there is nothing more to compare.
  bool read(const fs::path& file);
  [[nodiscard]] bool is_over() const { return has_difference_ || compared_ == last_; }
  [[nodiscard]] bool has_difference() const { return has_difference_; }
  [[nodiscard]] std::int64_t compared() const { return compared_; }
  [[nodiscard]] const reports::TextTable& table() const { return table_; }

 private:
  void take(const experiments::HelloRecord& hello);
  void take(const experiments::EpochRecord& epoch);

  const RecordedRun& run_;
  std::int64_t last_;
  Env& env_;
  std::optional<storage::JournalReader> journal_;
  std::int64_t compared_ = 0;  // epochs
  bool has_difference_ = false;
  reports::TextTable table_{.columns = {"epoch", "recorded", "replayed", "is_equal"}, .rows = {}};
};

bool Replay::read(const fs::path& file) {
  if (!journal_ && !fs::exists(file)) {
    return false;
  }
  if (!journal_) {
    journal_.emplace(file);
  }
  while (!is_over()) {
    const auto entry = journal_->next();
    if (!entry) {
      return false;
    }
    const experiments::RecordBody body = experiments::parse_record(entry->record).body;
    if (const auto* const hello = std::get_if<experiments::HelloRecord>(&body)) {
      take(*hello);
    } else if (const auto* const epoch = std::get_if<experiments::EpochRecord>(&body)) {
      take(*epoch);
    }
  }
  return true;
}

// The first record, before the first batch.
void Replay::take(const experiments::HelloRecord& hello) {
  const auto& model = std::get<std::string>(run_.trial.parameters.at("model"));
  const TrainingGround here{.environment = hello.environment,
                            .code = std::to_string(experiments::find_model(model)->code)};
  std::vector<std::string> reasons;
  for (const Assignment& environment : run_.environments) {
    for (const std::string& reason :
         find_replay_reasons({environment, run_.trial.code, run_.trial.world_size}, here)) {
      if (std::ranges::find(reasons, reason) == reasons.end()) {
        reasons.push_back(reason);
      }
    }
  }
  std::string line;
  for (const std::string& reason : reasons) {
    line += (line.empty() ? "" : "; ") + reason;
  }
  if (!line.empty()) {
    env_.log.warn("replay: equal weights cannot be expected here: " + line);
  }
}

void Replay::take(const experiments::EpochRecord& epoch) {
  const auto recorded = run_.hashes.find(epoch.epoch);
  if (recorded == run_.hashes.end()) {
    return;
  }
  has_difference_ = recorded->second != epoch.weights_hash;
  compared_ = has_difference_ ? compared_ : epoch.epoch;
  table_.rows.push_back({epoch.epoch, recorded->second, epoch.weights_hash, !has_difference_});
}

std::vector<std::string> worker_command(const RecordedRun& run,
                                        const fs::path& trial,
                                        const fs::path& dataset,
                                        const fs::path& out,
                                        const Env& env) {
  const Assignment environment = run.environments.empty() ? Assignment() : run.environments.front();
  const auto fact = [&](const char* name, const std::string& otherwise) {
    const auto found = environment.find(name);
    return found == environment.end() ? otherwise : experiments::render_plain(found->second);
  };
  const fs::path cuda = env.program_dir / "glimpse-worker-cuda";
  const bool has_gpu = fact("device", "cpu").starts_with("cuda") && fs::exists(cuda);
  const fs::path program = has_gpu ? cuda : env.program_dir / "glimpse-worker";
  if (!fs::exists(program)) {
    throw StorageError(StorageFault::kMissing,
                       program,
                       "replay: " + program.string() +
                           " is missing (this build has no LibTorch; see 'glimpse doctor')");
  }
  return {program.string(),
          "train",
          trial.string(),
          "--dataset",
          dataset.string(),
          "--out",
          out.string(),
          "--device",
          has_gpu ? "cuda" : "cpu",
          "--threads",
          fact("threads", "1")};
}

int tell(const Replay& replay, std::int64_t last, std::optional<int> status, Env& env) {
  if (replay.has_difference()) {
    env.log.error("replay: the weights differ from epoch " +
                  reports::render_exact(replay.table().rows.back().front()) + " on");
    return static_cast<int>(ExitCode::kFailure);
  }
  if (replay.compared() == last) {
    env.log.info("replay: " + std::to_string(last) + " epochs, equal weights");
    return static_cast<int>(ExitCode::kDone);
  }
  env.log.error("replay: training ended after epoch " + std::to_string(replay.compared()) +
                ", and " + std::to_string(last) +
                " are recorded (the worker's own words are above)");
  return status.value_or(0) == 0 ? static_cast<int>(ExitCode::kFailure) : *status;
}

}  // namespace

int replay(const ReplayOptions& options, Env& env) {
  const RecordedRun run = load_run(options, env);
  const fs::path dataset = find_data(options, run, env);
  const std::int64_t recorded = run.hashes.rbegin()->first;
  const std::int64_t last =
      options.epochs > 0 ? std::min<std::int64_t>(options.epochs, recorded) : recorded;
  const LocalFolder local;
  const fs::path out =
      options.keep_dir.empty() ? local.path() / "run" : make_kept(options.keep_dir);
  // Without its key: that of another version of the model's code would be refused.
  TrialFile trial = run.trial;
  trial.key.clear();
  const fs::path given = local.path() / "trial.json";
  storage::write_file_atomically(given, experiments::render_trial(trial));
  Replay replay(run, last, env);
  std::optional<int> status;
  {
    const Interruption interruption;
    Worker worker(worker_command(run, given, dataset, out, env));
    const fs::path journal = storage::attempt_folder(out, 1).journal();
    while (!replay.read(journal) && !status) {
      interruption.check();
      std::this_thread::sleep_for(kBetweenLooks);
      status = worker.look();
    }
    replay.read(journal);
  }
  print_sections("replay", {{"epochs", "", replay.table()}}, options.output, env);
  return tell(replay, last, status, env);
}

}  // namespace glimpse::launcher
