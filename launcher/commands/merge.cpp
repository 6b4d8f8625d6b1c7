#include "launcher/commands/merge.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "launcher/as_output.h"
#include "launcher/attempt_folders.h"
#include "launcher/output.h"
#include "launcher/result_files.h"
#include "launcher/results_folder.h"
#include "storage/files/file_io.h"
#include "storage/files/file_lock.h"
#include "storage/files/file_system.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/attempt_moves.h"
#include "storage/sqlite/merge.h"
#include "storage/sqlite/results_store.h"
#include "storage/sqlite/snapshot.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::ResultsFolder;
using storage::StorageError;
using storage::StorageFault;

struct Source {
  fs::path database;
  std::optional<ResultsFolder> folder;  // nothing where only a database was given
};

Source find_source(const std::string& given) {
  const ResultsFolder folder{fs::path(given)};
  std::error_code ignored;
  Source source = fs::is_directory(given, ignored) ? Source{folder.database(), folder}
                                                   : Source{fs::path(given), std::nullopt};
  if (!fs::is_regular_file(source.database, ignored)) {
    throw StorageError(StorageFault::kMissing,
                       source.database,
                       "merge " + given +
                           (source.folder ? ": no glimpse.db there; nothing has run in that folder"
                                          : ": no such results folder or database"));
  }
  // Also where only the database was given: what beats beside it writes it.
  const fs::path lock = ResultsFolder(source.database.parent_path()).lock();
  if (const auto holder = storage::find_lock_holder(lock)) {
    throw StorageError(StorageFault::kBusy,
                       lock,
                       "merge " + given + ": process " + std::to_string(holder->pid) + " on " +
                           holder->host + " holds it since " + holder->started +
                           " (wait until that has ended)");
  }
  // Opened before the target is touched: a source that cannot be read leaves nothing behind.
  storage::check_merge_source(source.database);
  return source;
}

reports::Row report_row(const std::string& given,
                        const storage::MergeOutcome& outcome,
                        std::size_t folders) {
  return {given,
          outcome.studies,
          outcome.trials,
          outcome.attempts,
          outcome.metrics,
          outcome.conflicts,
          static_cast<std::int64_t>(folders)};
}

// A folder of its own on a disk of this node, gone with the object.
class LocalFolder {
 public:
  LocalFolder() : path_(fs::temp_directory_path() / "glimpse-merge-XXXXXX") {
    std::string name = path_.string();
    if (mkdtemp(name.data()) == nullptr) {
      storage::throw_system_error("make a folder for a merge", name, errno);
    }
    path_ = name;
  }
  ~LocalFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  LocalFolder(const LocalFolder&) = delete;
  LocalFolder& operator=(const LocalFolder&) = delete;
  LocalFolder(LocalFolder&&) = delete;
  LocalFolder& operator=(LocalFolder&&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

storage::FileLock lock_folder(const ResultsFolder& results) {
  auto lock = as_output([&] {
    storage::make_folders(results.root());
    return storage::FileLock::try_acquire(results.lock());
  });
  if (!lock) {
    throw StorageError(StorageFault::kBusy,
                       results.lock(),
                       "merge into " + results.root().string() +
                           ": a coordinator holds the folder; wait until it has ended");
  }
  return std::move(*lock);
}

// What sources are merged into. A dry run merges into a copy and throws that away: what it says is
// what would happen.
class Target {
 public:
  Target(ResultsFolder results, bool is_dry_run)
      : results_(std::move(results)), is_dry_run_(is_dry_run) {
    if (!is_dry_run_) {
      lock_ = lock_folder(results_);
    }
    if (is_dry_run_ || storage::file_system_of(results_.root()).is_network) {
      local_.emplace();
    }
    placement_ = storage::pick_placement(
        results_.root(), local_.has_value(), local_ ? local_->path() : fs::path());
    storage::restore_snapshot(placement_);
    store_ = std::make_unique<storage::ResultsStore>(placement_.live);
    finish_folders();
  }

  storage::MergeOutcome merge(const Source& source) {
    const storage::MergeOutcome outcome = storage::merge(store_->database(), source.database);
    publish();
    finish_folders();
    return outcome;
  }

  [[nodiscard]] std::size_t take_files(const Source& source, Log& log) const {
    if (is_dry_run_ || !source.folder) {
      return 0;
    }
    return copy_result_files({*source.folder, source.database}, {results_, placement_.live}, log);
  }

  void close() { store_->database().close_cleanly(); }

 private:
  void publish() const {
    if (!is_dry_run_ && placement_.snapshot) {
      storage::publish_snapshot(placement_.live, *placement_.snapshot);
    }
  }

  void finish_folders() {
    if (is_dry_run_) {
      storage::AttemptMoves(store_->database()).clear();  // a copy has no folders
    } else {
      finish_moves(store_->database(), results_, [this] { publish(); });
    }
  }

  ResultsFolder results_;
  bool is_dry_run_;
  std::optional<LocalFolder> local_;
  std::optional<storage::FileLock> lock_;
  storage::Placement placement_;
  std::unique_ptr<storage::ResultsStore> store_;
};

}  // namespace

int merge(const MergeOptions& options, Env& env) {
  const ResultsFolder results = results_folder(env.settings);
  std::vector<Source> sources;
  sources.reserve(options.sources.size());
  for (const std::string& given : options.sources) {
    sources.push_back(find_source(given));
  }
  Target target(results, options.is_dry_run);
  reports::TextTable table{
      .columns = {"source", "studies", "trials", "attempts", "metrics", "conflicts", "folders"},
      .rows = {}};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const storage::MergeOutcome outcome = target.merge(sources[i]);
    const std::size_t folders = target.take_files(sources[i], env.log);
    table.rows.push_back(report_row(options.sources[i], outcome, folders));
  }
  target.close();
  print_sections("merge", {{"sources", "", table}}, options.output, env);
  if (options.is_dry_run) {
    env.log.info("merge: nothing was changed");
  }
  return 0;
}

}  // namespace glimpse::launcher
