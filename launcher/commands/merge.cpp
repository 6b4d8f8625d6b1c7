#include "launcher/commands/merge.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "launcher/as_output.h"
#include "launcher/attempt_folders.h"
#include "launcher/output.h"
#include "launcher/result_files.h"
#include "storage/files/file_io.h"
#include "storage/files/file_lock.h"
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
  Source source = fs::is_directory(given) ? Source{folder.database(), folder}
                                          : Source{fs::path(given), std::nullopt};
  if (!fs::is_regular_file(source.database)) {
    throw StorageError(StorageFault::kMissing,
                       source.database,
                       "merge " + given + ": neither a results folder nor a database");
  }
  return source;
}

// How many attempts' folders came over. A lone database has none.
std::size_t take_files(const Source& source, const ResultsFolder& to, Log& log) {
  return source.folder
             ? copy_result_files({*source.folder, source.database}, {to, to.database()}, log)
             : 0;
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

// A dry run merges into a copy and throws that away: what it says is what would happen.
class Target {
 public:
  Target(const ResultsFolder& results, bool is_dry_run) : path_(results.database()) {
    if (!is_dry_run) {
      lock_ = as_output([&] {
        storage::make_folders(results.root());
        return storage::FileLock::try_acquire(results.lock());
      });
      if (!lock_) {
        throw StorageError(StorageFault::kBusy,
                           results.lock(),
                           "merge into " + results.root().string() +
                               ": a coordinator holds the folder; wait until it has ended");
      }
      return;
    }
    std::string name = (fs::temp_directory_path() / "glimpse-merge-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      storage::throw_system_error("make a folder for a dry run", name, errno);
    }
    copy_ = name;
    if (fs::exists(path_)) {
      storage::publish_snapshot(path_, copy_ / "glimpse.db");
    }
    path_ = copy_ / "glimpse.db";
  }
  ~Target() {
    std::error_code ignored;
    if (!copy_.empty()) {
      fs::remove_all(copy_, ignored);
    }
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  Target(Target&&) = delete;
  Target& operator=(Target&&) = delete;

  [[nodiscard]] const fs::path& database() const { return path_; }

 private:
  fs::path path_;
  fs::path copy_;
  std::optional<storage::FileLock> lock_;
};

}  // namespace

int merge(const MergeOptions& options, Env& env) {
  const ResultsFolder results(env.settings.results_dir());
  std::vector<Source> sources;
  sources.reserve(options.sources.size());
  for (const std::string& given : options.sources) {
    sources.push_back(find_source(given));
  }
  Target target(results, options.is_dry_run);
  storage::ResultsStore store(target.database());
  if (options.is_dry_run) {
    storage::AttemptMoves(store.database()).clear();  // of the copy, which has no folders
  } else {
    finish_moves(store.database(), results);
  }
  reports::TextTable table{
      .columns = {"source", "studies", "trials", "attempts", "metrics", "conflicts", "folders"},
      .rows = {}};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const storage::MergeOutcome outcome = storage::merge(store.database(), sources[i].database);
    std::size_t folders = 0;
    if (options.is_dry_run) {
      storage::AttemptMoves(store.database()).clear();
    } else {
      finish_moves(store.database(), results);
      folders = take_files(sources[i], results, env.log);
    }
    table.rows.push_back(report_row(options.sources[i], outcome, folders));
  }
  store.database().close_cleanly();
  print_sections("merge", {{"sources", "", table}}, options.output, env);
  if (options.is_dry_run) {
    env.log.info("merge: nothing was changed");
  }
  return 0;
}

}  // namespace glimpse::launcher
