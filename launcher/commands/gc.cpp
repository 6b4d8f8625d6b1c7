#include "launcher/commands/gc.h"

#include <array>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "launcher/garbage.h"
#include "launcher/held_results.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"
#include "storage/files/file_io.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using reports::TextTable;

TextTable totals(const Garbage& garbage) {
  std::map<GarbageKind, std::pair<std::int64_t, std::int64_t>> sums;  // files and bytes
  for (const auto kind : {GarbageKind::kCheckpoint, GarbageKind::kLog, GarbageKind::kTemporary}) {
    sums[kind] = {};
  }
  for (const GarbageFile& file : garbage.files) {
    auto& [files, bytes] = sums[file.kind];
    ++files;
    bytes += static_cast<std::int64_t>(file.bytes);
  }
  TextTable table{.columns = {"kind", "files", "bytes"}, .rows = {}};
  for (const auto& [kind, sum] : sums) {
    table.rows.push_back({name_of(kind), sum.first, sum.second});
  }
  return table;
}

TextTable listing(const Garbage& garbage, const fs::path& root) {
  TextTable table{.columns = {"kind", "path", "bytes"}, .rows = {}};
  for (const GarbageFile& file : garbage.files) {
    table.rows.push_back({name_of(file.kind),
                          file.path.lexically_relative(root).string(),
                          static_cast<std::int64_t>(file.bytes)});
  }
  return table;
}

std::int64_t bytes_of(const Garbage& garbage) {
  std::int64_t bytes = 0;
  for (const GarbageFile& file : garbage.files) {
    bytes += static_cast<std::int64_t>(file.bytes);
  }
  return bytes;
}

void tell_unfinished(const Garbage& garbage, Env& env) {
  if (garbage.unfinished > 0) {
    env.log.info("gc: " + std::to_string(garbage.unfinished) +
                 " trials have an attempt that has not ended, and were left alone");
  }
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) {
    storage::throw_system_error("remove", path, error.value());
  }
}

// Known as removed first, and on the disk: a file that is still there then harms nobody, while one
// that is gone and not known to be would be damage.
void remove_garbage(const Garbage& garbage, HeldResults& held) {
  storage::Transaction transaction(held.store().database());
  for (const GarbageFile& file : garbage.files) {
    if (file.attempt) {
      held.store().ledger().remove_artifact(*file.attempt, file.path.filename().string());
    }
  }
  transaction.commit();
  held.publish();
  for (const GarbageFile& file : garbage.files) {
    remove_file(file.path);
  }
}

std::optional<std::string> study_of(const GcOptions& options, const Env& env) {
  return options.study.empty() ? std::nullopt
                               : std::optional(stored_study_name(options.study, env.settings));
}

int list_only(const GcOptions& options, Env& env) {
  const storage::ResultsFolder folder = existing_results_folder(env.settings);
  storage::Query results = open_results(env.settings);
  const Garbage garbage = find_garbage(folder, results, study_of(options, env), env.log);
  print_sections("gc",
                 {{"files", "", listing(garbage, folder.root())},
                  {"totals", "Would be removed", totals(garbage)}},
                 options.output,
                 env);
  tell_unfinished(garbage, env);
  return 0;
}

Garbage collect(const GcOptions& options, HeldResults& held, Env& env) {
  storage::Query results(held.database());
  return find_garbage(held.folder(), results, study_of(options, env), env.log);
}

}  // namespace

int gc(const GcOptions& options, Env& env) {
  if (options.is_dry_run) {
    return list_only(options, env);
  }
  const storage::ResultsFolder folder = existing_results_folder(env.settings);
  if (!has_database(env.settings)) {
    static_cast<void>(open_results(env.settings));  // says what to do
  }
  // Opened for writing before anything is read: that repairs what a killed writer left.
  HeldResults held(folder,
                   Hold::kForWriting,
                   "gc: a coordinator holds " + folder.root().string() +
                       " (end it with 'glimpse stop --all', or wait until it has ended)");
  const Garbage garbage = collect(options, held, env);
  if (!options.is_sure && !garbage.files.empty()) {
    held.close();
    throw UsageError("gc: would remove " + std::to_string(garbage.files.size()) + " files of " +
                     std::to_string(bytes_of(garbage)) +
                     " bytes for good (say --yes; --dry-run lists them)");
  }
  remove_garbage(garbage, held);
  held.close();
  print_sections("gc", {{"totals", "", totals(garbage)}}, options.output, env);
  tell_unfinished(garbage, env);
  return 0;
}

}  // namespace glimpse::launcher
