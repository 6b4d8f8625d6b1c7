#pragma once

// Brings the folders of attempts to where the database says they are, after a merge that gave them
// other numbers. Everything before a step is on the disk before the step, so whatever cuts it off,
// the next call finishes it.

#include <functional>

#include "storage/files/run_folder.h"

namespace glimpse::storage {
class Database;
}

namespace glimpse::launcher {

// Does nothing where no move is left. `publish` makes what was committed as durable as the folders
// are, where the database lies on another disk. Throws StorageError (kRefused) where something lies
// at the place of a folder; with that out of the way, it can be called again.
void finish_moves(storage::Database& database,
                  const storage::ResultsFolder& results,
                  const std::function<void()>& publish);

}  // namespace glimpse::launcher
