#include "launcher/commands/merge.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "launcher/as_output.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "storage/files/file_io.h"
#include "storage/files/file_lock.h"
#include "storage/files/run_folder.h"
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

struct AttemptName {
  std::string run_id;
  std::uint64_t number = 0;
};
using AttemptNames = std::map<std::string, AttemptName>;  // by uid, unique among all databases

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
  // Opened before the target is touched: a source that cannot be read leaves nothing behind.
  storage::check_merge_source(source.database);
  return source;
}

AttemptNames attempt_names(const fs::path& database) {
  AttemptNames names;
  storage::Query query(database);
  for (const reports::Row& row :
       query_table(query, "select uid, run_id, attempt from v_attempts").rows) {
    names[reports::render_exact(row[0])] = {
        reports::render_exact(row[1]), static_cast<std::uint64_t>(std::get<std::int64_t>(row[2]))};
  }
  return names;
}

// In two steps, because numbers may be swapped.
void rename_attempts(const ResultsFolder& target,
                     const std::vector<storage::RenumberedAttempt>& renumbered) {
  std::vector<std::pair<fs::path, fs::path>> moves;
  for (const storage::RenumberedAttempt& attempt : renumbered) {
    const fs::path from =
        target.attempt_folder(attempt.run_id, static_cast<std::uint64_t>(attempt.from)).path;
    if (attempt.is_from_source || !fs::exists(from)) {
      continue;
    }
    const fs::path aside = from.parent_path() / (".moving-" + attempt.uid);
    storage::rename_file(from, aside);
    moves.emplace_back(
        aside, target.attempt_folder(attempt.run_id, static_cast<std::uint64_t>(attempt.to)).path);
  }
  for (const auto& [aside, to] : moves) {
    storage::rename_file(aside, to);
  }
}

// A folder appears whole or not at all; a merge that is repeated finishes what is missing.
void copy_folder(const fs::path& from, const fs::path& to) {
  const fs::path partial = to.parent_path() / (".copying-" + to.filename().string());
  fs::remove_all(partial);
  storage::make_folders(to.parent_path());
  fs::copy(from, partial, fs::copy_options::recursive);
  storage::rename_file(partial, to);
}

std::size_t copy_attempts(const ResultsFolder& from,
                          const AttemptNames& source_names,
                          const ResultsFolder& to,
                          const AttemptNames& target_names) {
  std::size_t copied = 0;
  for (const auto& [uid, name] : source_names) {
    const auto there = target_names.find(uid);
    const fs::path old_path = from.attempt_folder(name.run_id, name.number).path;
    if (there == target_names.end() || !fs::exists(old_path)) {
      continue;
    }
    const fs::path trial = to.trial_file(name.run_id);
    if (fs::exists(from.trial_file(name.run_id)) && !fs::exists(trial)) {
      to.write_trial(name.run_id, from.load_trial(name.run_id));
    }
    const fs::path new_path = to.attempt_folder(name.run_id, there->second.number).path;
    if (!fs::exists(new_path)) {
      copy_folder(old_path, new_path);
      ++copied;
    }
  }
  return copied;
}

void copy_studies(const ResultsFolder& from, const ResultsFolder& to) {
  if (!fs::is_directory(from.studies())) {
    return;
  }
  storage::make_folders(to.studies());
  for (const auto& entry : fs::directory_iterator(from.studies())) {
    fs::copy_file(
        entry.path(), to.studies() / entry.path().filename(), fs::copy_options::skip_existing);
  }
}

// How many attempts' folders came over. A lone database has none.
std::size_t take_files(const Source& source, const ResultsFolder& to) {
  if (!source.folder) {
    return 0;
  }
  copy_studies(*source.folder, to);
  return copy_attempts(
      *source.folder, attempt_names(source.database), to, attempt_names(to.database()));
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
  const ResultsFolder results = results_folder(env.settings);
  std::vector<Source> sources;
  sources.reserve(options.sources.size());
  for (const std::string& given : options.sources) {
    sources.push_back(find_source(given));
  }
  Target target(results, options.is_dry_run);
  storage::ResultsStore store(target.database());
  reports::TextTable table{
      .columns = {"source", "studies", "trials", "attempts", "metrics", "conflicts", "folders"},
      .rows = {}};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const storage::MergeOutcome outcome = storage::merge(store.database(), sources[i].database);
    std::size_t folders = 0;
    if (!options.is_dry_run) {
      rename_attempts(results, outcome.renumbered);
      folders = take_files(sources[i], results);
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
