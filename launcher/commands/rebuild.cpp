#include "launcher/commands/rebuild.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "experiments/faults.h"
#include "launcher/held_results.h"
#include "launcher/output.h"
#include "launcher/rebuild.h"
#include "launcher/results_folder.h"
#include "storage/files/file_io.h"
#include "storage/files/file_system.h"
#include "storage/sqlite/snapshot.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::ResultsFolder;

void remove_database(const fs::path& file) {
  for (const char* const suffix : {"", "-wal", "-shm", "-journal"}) {
    fs::remove(file.string() + suffix);
  }
}

// Made beside the old one, or where the folder is one of a network on a disk of this node, since
// SQLite must not write there.
class NewDatabase {
 public:
  explicit NewDatabase(const ResultsFolder& folder) {
    if (storage::file_system_of(folder.root()).is_network) {
      local_.emplace();
    }
    path_ = (local_ ? local_->path() : folder.root()) / "glimpse.db.rebuilding";
    remove_database(path_);  // of a rebuild that was killed
  }
  ~NewDatabase() {
    std::error_code ignored;
    for (const char* const suffix : {"", "-wal", "-shm", "-journal"}) {
      fs::remove(path_.string() + suffix, ignored);
    }
  }
  NewDatabase(const NewDatabase&) = delete;
  NewDatabase& operator=(const NewDatabase&) = delete;
  NewDatabase(NewDatabase&&) = delete;
  NewDatabase& operator=(NewDatabase&&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  std::optional<LocalFolder> local_;
  fs::path path_;
};

// What belongs to the old file must be gone before another has its name: SQLite would play the old
// log into the new file.
std::optional<fs::path> set_aside(const fs::path& database, std::int64_t now_ms) {
  if (!fs::exists(database)) {
    remove_database(database);
    return std::nullopt;
  }
  fs::path kept = database.string() + ".before-rebuild-" + std::to_string(now_ms / 1000);
  for (const char* const suffix : {"-wal", "-journal", ""}) {
    const fs::path file = database.string() + suffix;
    if (fs::exists(file)) {
      storage::rename_file(file, kept.string() + suffix);
    }
  }
  fs::remove(database.string() + "-shm");
  storage::sync_folder(database.parent_path());
  return kept;
}

reports::TextTable studies_table(const RebuildOutcome& outcome) {
  reports::TextTable table{.columns = {"study", "text", "trials"}, .rows = {}};
  for (const RebuiltStudy& study : outcome.studies) {
    table.rows.push_back({study.name, study.text_hash, static_cast<std::int64_t>(study.trials)});
  }
  return table;
}

reports::TextTable losses_table(const RebuildOutcome& outcome, const fs::path& root) {
  reports::TextTable table{.columns = {"kind", "file", "why"}, .rows = {}};
  for (const RebuildLoss& loss : outcome.losses) {
    table.rows.push_back({loss.kind, loss.file.lexically_relative(root).string(), loss.why});
  }
  return table;
}

void tell(const RebuildOutcome& outcome, const std::optional<fs::path>& kept, Env& env) {
  env.log.info("rebuild: " + std::to_string(outcome.runs) + " runs with " +
               std::to_string(outcome.attempts) + " attempts and " +
               std::to_string(outcome.records) + " records are back");
  env.log.info(
      "rebuild: no file knows where attempts ran, what was retried by hand and had not begun, or "
      "under which identity 'glimpse merge' knew an attempt (merge no copy of the old database)");
  if (kept) {
    env.log.info("rebuild: the old database is " + kept->string());
  }
}

}  // namespace

int rebuild(const VerifyOptions& options, Env& env) {
  const ResultsFolder folder = existing_results_folder(env.settings);
  const storage::FileLock lock = lock_folder(folder, [&] {
    return "verify --rebuild: a coordinator holds " + folder.root().string() +
           "; wait until it has ended ('glimpse stop' ends it)";
  });
  const NewDatabase made(folder);
  const RebuildOutcome outcome = rebuild_results(made.path(), folder, env.settings);
  const fs::path whole = folder.root() / "glimpse.db.rebuilt";
  storage::publish_snapshot(made.path(), whole);
  const std::optional<fs::path> kept = set_aside(folder.database(), env.clock_ms());
  storage::rename_file(whole, folder.database());
  storage::sync_folder(folder.root());
  print_sections("rebuild",
                 {{"studies", "", studies_table(outcome)},
                  {"losses", "Not brought back", losses_table(outcome, folder.root())}},
                 options.output,
                 env);
  tell(outcome, kept, env);
  if (!outcome.losses.empty()) {
    env.log.error("rebuild: not everything is back, see above");
    return static_cast<int>(experiments::ExitCode::kBadData);
  }
  return static_cast<int>(experiments::ExitCode::kDone);
}

}  // namespace glimpse::launcher
