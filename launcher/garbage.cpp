#include "launcher/garbage.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "launcher/results.h"
#include "storage/files/atomic_file.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/ledger_reader.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::AttemptFacts;
using storage::CheckpointName;
using storage::CheckpointPath;
using storage::ResultsFolder;

struct Trial {
  std::string run_id;
  std::string key;
  bool is_done = false;
};

// A checkpoint and whose it is.
struct Kept {
  CheckpointPath file;
  storage::AttemptId attempt = 0;
};

bool is_plain(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path, ignored));
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(path, ignored));
}

std::vector<Trial> list_trials(storage::Query& results, const std::optional<std::string>& study) {
  storage::QueryParameter name{.name = "study", .value = std::monostate()};
  if (study) {
    name.value = *study;
  }
  std::vector<Trial> trials;
  for (const reports::Row& row :
       query_table(results,
                   "select run_id, key, state = 'done' from v_trials t where :study is null or"
                   " exists (select 1 from json_each(t.studies) where value = :study)",
                   {name})
           .rows) {
    trials.push_back({reports::render_exact(row[0]),
                      reports::render_exact(row[1]),
                      std::get<std::int64_t>(row[2]) != 0});
  }
  return trials;
}

using Steps = std::map<std::string, std::uint64_t>;  // by run id

// Where the best epoch's weights were saved; the first time, if a later epoch was under way when
// they were saved again.
Steps best_steps(storage::Query& results) {
  Steps steps;
  for (const reports::Row& row :
       query_table(results,
                   "select a.run_id, min(a.step) from v_artifacts a"
                   " join v_trials t on t.run_id = a.run_id"
                   " where a.kind = 'checkpoint' and a.epoch = t.best_epoch and a.step >= 0"
                   " group by a.run_id")
           .rows) {
    steps[reports::render_exact(row[0])] =
        static_cast<std::uint64_t>(std::get<std::int64_t>(row[1]));
  }
  return steps;
}

class Collector {
 public:
  Collector(const ResultsFolder& folder, storage::Query& results, Log& log)
      : folder_(folder), reader_(results.database()), best_steps_(best_steps(results)), log_(log) {}

  void collect(const Trial& trial) {
    const fs::path run = folder_.run_folder(trial.run_id);
    if (!is_folder(run)) {
      return;
    }
    const std::optional<storage::TrialId> id = reader_.find_trial(trial.key);
    if (!id) {
      return;
    }
    const std::vector<AttemptFacts> attempts = reader_.attempts(*id);
    const auto is_running = [](const AttemptFacts& attempt) {
      return attempt.state == storage::AttemptState::kRunning;
    };
    if (std::ranges::any_of(attempts, is_running)) {
      ++garbage_.unfinished;
      return;
    }
    collect_temporaries(run);
    std::vector<Kept> checkpoints;
    for (const AttemptFacts& attempt : attempts) {
      collect_attempt(attempt, checkpoints);
    }
    collect_checkpoints(trial, std::move(checkpoints));
  }

  [[nodiscard]] Garbage take() { return std::move(garbage_); }

 private:
  void collect_attempt(const AttemptFacts& attempt, std::vector<Kept>& checkpoints) {
    const storage::AttemptFolder folder =
        folder_.attempt_folder(attempt.run_id, static_cast<std::uint64_t>(attempt.number));
    if (!is_folder(folder.path)) {
      return;
    }
    collect_temporaries(folder.path);
    if (is_plain(folder.worker_log())) {
      add(GarbageKind::kLog, folder.worker_log());
    }
    for (const CheckpointPath& checkpoint : storage::list_checkpoints(folder.path)) {
      if (is_plain(checkpoint.path)) {
        checkpoints.push_back({checkpoint, attempt.attempt});
      }
    }
  }

  void collect_temporaries(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (storage::is_temporary_name(entry.path().filename().string()) && is_plain(entry.path())) {
        add(GarbageKind::kTemporary, entry.path());
      }
    }
  }

  void collect_checkpoints(const Trial& trial, std::vector<Kept> checkpoints) {
    std::set<CheckpointName> removable = pick_removable(trial, checkpoints);
    while (!removable.empty() && drop_damaged(checkpoints, removable)) {
      removable = pick_removable(trial, checkpoints);
    }
    for (const Kept& checkpoint : checkpoints) {
      if (removable.contains(checkpoint.file.name)) {
        add(GarbageKind::kCheckpoint, checkpoint.file.path);
        garbage_.files.back().attempt = checkpoint.attempt;
      }
    }
  }

  [[nodiscard]] std::set<CheckpointName> pick_removable(
      const Trial& trial, const std::vector<Kept>& checkpoints) const {
    std::vector<CheckpointName> names;
    names.reserve(checkpoints.size());
    for (const Kept& checkpoint : checkpoints) {
      names.push_back(checkpoint.file.name);
    }
    const auto best = best_steps_.find(trial.run_id);
    const std::vector<CheckpointName> picked = storage::pick_removable_checkpoints(
        names,
        best == best_steps_.end() ? std::nullopt : std::optional(best->second),
        trial.is_done);
    return {picked.begin(), picked.end()};
  }

  // Whether one of those that would stay cannot be read, and so keeps none of the others from
  // staying.
  bool drop_damaged(std::vector<Kept>& checkpoints, const std::set<CheckpointName>& removable) {
    return std::erase_if(checkpoints, [&](const Kept& checkpoint) {
             return !removable.contains(checkpoint.file.name) && !is_whole(checkpoint.file.path);
           }) > 0;
  }

  bool is_whole(const fs::path& checkpoint) {
    if (whole_.contains(checkpoint)) {
      return true;
    }
    try {
      static_cast<void>(storage::open_checkpoint(checkpoint));
      whole_.insert(checkpoint);
      return true;
    } catch (const storage::StorageError& error) {
      log_.warn(std::string("gc: ") + error.what() + "; it stays");
      return false;
    }
  }

  void add(GarbageKind kind, const fs::path& path) {
    std::error_code ignored;
    garbage_.files.push_back({kind, path, fs::file_size(path, ignored), std::nullopt});
  }

  const ResultsFolder& folder_;
  storage::LedgerReader reader_;
  Steps best_steps_;
  Log& log_;
  std::set<fs::path> whole_;
  Garbage garbage_;
};

}  // namespace

std::string name_of(GarbageKind kind) {
  constexpr std::array<const char*, 3> kNames = {"checkpoint", "log", "temporary"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Garbage find_garbage(const ResultsFolder& folder,
                     storage::Query& results,
                     const std::optional<std::string>& study,
                     Log& log) {
  Collector collector(folder, results, log);
  for (const Trial& trial : list_trials(results, study)) {
    collector.collect(trial);
  }
  return collector.take();
}

}  // namespace glimpse::launcher
