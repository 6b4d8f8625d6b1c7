#include "launcher/attempt_folders.h"

#include <set>
#include <vector>

#include "storage/files/file_io.h"
#include "storage/sqlite/attempt_moves.h"
#include "storage/sqlite/database.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::AttemptMove;
using storage::AttemptMoves;
using storage::ResultsFolder;
using storage::StorageError;
using storage::StorageFault;

fs::path aside_path(const ResultsFolder& results, const AttemptMove& move) {
  return results.run_folder(move.run_id) / (".moving-" + move.uid);
}

void sync_run_folders(const ResultsFolder& results, const std::vector<AttemptMove>& moves) {
  std::set<fs::path> folders;
  for (const AttemptMove& move : moves) {
    folders.insert(results.run_folder(move.run_id));
  }
  for (const fs::path& folder : folders) {
    if (fs::exists(folder)) {
      storage::sync_folder(folder);
    }
  }
}

// An attempt without a folder has none to move: run folders are made lazily.
void move_aside(const ResultsFolder& results, const std::vector<AttemptMove>& moves) {
  for (const AttemptMove& move : moves) {
    const fs::path from = results.attempt_folder(move.run_id, move.from).path;
    const fs::path aside = aside_path(results, move);
    if (fs::exists(from) && !fs::exists(aside)) {
      storage::rename_file(from, aside);
    }
  }
}

void move_to_places(const ResultsFolder& results, const std::vector<AttemptMove>& moves) {
  for (const AttemptMove& move : moves) {
    const fs::path aside = aside_path(results, move);
    if (!fs::exists(aside)) {
      continue;
    }
    const fs::path to = results.attempt_folder(move.run_id, move.to).path;
    if (fs::exists(to)) {
      throw StorageError(StorageFault::kRefused,
                         to,
                         "move the folder of an attempt to " + to.string() +
                             ": something that belongs to no attempt is there (move it out of the "
                             "way and merge again)");
    }
    storage::rename_file(aside, to);
  }
}

}  // namespace

void finish_moves(storage::Database& database,
                  const ResultsFolder& results,
                  const std::function<void()>& publish) {
  AttemptMoves list(database);
  const std::vector<AttemptMove> moves = list.list();
  if (moves.empty()) {
    return;
  }
  if (!list.are_aside()) {
    move_aside(results, moves);
    sync_run_folders(results, moves);
    list.set_aside();
    publish();
  }
  move_to_places(results, moves);
  sync_run_folders(results, moves);
  list.clear();
  publish();
}

}  // namespace glimpse::launcher
