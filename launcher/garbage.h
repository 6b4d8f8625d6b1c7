#pragma once

// Which files of a results folder nothing needs any more: checkpoints of ended attempts, but those
// that a trial resumes from and its best one; their logs; and what a crash left half written.
// Never trial.json, a journal or crops. Trials with an attempt that has not ended, also one that a
// dead coordinator left, are not touched. Reads only.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launcher/log/log.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/query.h"
#include "storage/sqlite/rows.h"

namespace glimpse::launcher {

enum class GarbageKind { kCheckpoint, kLog, kTemporary };

// "checkpoint", "log", "temporary"
std::string name_of(GarbageKind kind);

struct GarbageFile {
  GarbageKind kind = GarbageKind::kLog;
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::optional<storage::AttemptId> attempt;  // of a checkpoint
};

struct Garbage {
  std::vector<GarbageFile> files;
  std::size_t unfinished = 0;  // trials that were left alone
};

// Of one study, or of all. A checkpoint that would be kept is read whole first where others are to
// go: of those that can be read the last must stay. Damaged ones stay too, and are named.
Garbage find_garbage(const storage::ResultsFolder& folder,
                     storage::Query& results,
                     const std::optional<std::string>& study,
                     Log& log);

}  // namespace glimpse::launcher
