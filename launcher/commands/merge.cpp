#include "launcher/commands/merge.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "launcher/held_results.h"
#include "launcher/output.h"
#include "launcher/result_files.h"
#include "launcher/results_folder.h"
#include "storage/files/file_lock.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/merge.h"
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

storage::MergeOutcome merge_into(HeldResults& target, const Source& source) {
  const storage::MergeOutcome outcome = storage::merge(target.store().database(), source.database);
  target.publish();
  target.settle_folders();
  return outcome;
}

// Without a folder there are no files.
std::size_t take_files(const HeldResults& target, const Source& source, Log& log) {
  return source.folder
             ? copy_result_files(
                   {*source.folder, source.database}, {target.folder(), target.database()}, log)
             : 0;
}

}  // namespace

int merge(const MergeOptions& options, Env& env) {
  const ResultsFolder results = results_folder(env.settings);
  std::vector<Source> sources;
  sources.reserve(options.sources.size());
  for (const std::string& given : options.sources) {
    sources.push_back(find_source(given));
  }
  // A dry run merges into a copy and throws that away: what it says is what would happen.
  HeldResults target(results,
                     options.is_dry_run ? Hold::kCopy : Hold::kForWriting,
                     "merge into " + results.root().string() +
                         ": a coordinator holds the folder; wait until it has ended");
  reports::TextTable table{
      .columns = {"source", "studies", "trials", "attempts", "metrics", "conflicts", "folders"},
      .rows = {}};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const storage::MergeOutcome outcome = merge_into(target, sources[i]);
    const std::size_t folders = options.is_dry_run ? 0 : take_files(target, sources[i], env.log);
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
