#pragma once

// Takes the results of another database in: the set union of records that are unique everywhere.
// Trials are known by key, attempts by uid, studies by name and text, metrics by run, epoch and
// name. Merging again changes nothing, and the order of merges shows in no view. All or nothing;
// the source is only read. Nobody else may have either database open for writing.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace glimpse::storage {

class Database;

// Numbers of a trial's attempts follow their starts, so a merge may move them, and the folders
// attempt-<n> with them.
struct RenumberedAttempt {
  std::string run_id = {};
  std::string uid = {};
  std::int64_t from = 0;
  std::int64_t to = 0;
  bool is_from_source = false;  // `from` is then its number over there
};

struct MergeOutcome {
  std::int64_t studies = 0;    // new ones
  std::int64_t trials = 0;     // new ones
  std::int64_t attempts = 0;   // new ones
  std::int64_t metrics = 0;    // new rows
  std::int64_t conflicts = 0;  // metrics with two values; the larger stays, the other is an event
  std::vector<RenumberedAttempt> renumbered = {};
};

// Throws StorageError: kForeign for a source of another version or program, kDamaged for one that
// fails SQLite's integrity check. For who wants to know before there is a target.
void check_merge_source(const std::filesystem::path& source);

// `target` has the current schema and no open transaction. Checks the source first.
MergeOutcome merge(Database& target, const std::filesystem::path& source);

}  // namespace glimpse::storage
