#pragma once

// Takes the results of another database in: the set union of records that are unique everywhere.
// Trials are known by key, attempts by uid, studies by name and text, metrics by run, epoch and
// name. Merging again changes nothing, and the order of merges shows in no view. All or nothing;
// the source is only read. Nobody else may have either database open for writing.
//
// Numbers of a trial's attempts follow their starts, so a merge may change those of the target's
// own: which folders have to move is left in the database, as AttemptMoves, by the same commit.

#include <cstdint>
#include <filesystem>

namespace glimpse::storage {

class Database;

struct MergeOutcome {
  std::int64_t studies = 0;    // new ones
  std::int64_t trials = 0;     // new ones
  std::int64_t attempts = 0;   // new ones
  std::int64_t metrics = 0;    // new rows
  std::int64_t conflicts = 0;  // metrics with two values; the larger stays, the other is an event
};

// Throws StorageError: kForeign for a source of another version or program, kDamaged for one that
// fails SQLite's integrity check, kRefused for one whose own last merge was cut off before its
// folders had moved. For who wants to know before there is a target.
void check_merge_source(const std::filesystem::path& source);

// `target` has the current schema and no open transaction. Checks the source first, and refuses a
// target of which a merge was cut off, too.
MergeOutcome merge(Database& target, const std::filesystem::path& source);

}  // namespace glimpse::storage
