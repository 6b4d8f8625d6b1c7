#pragma once

// What an earlier coordinator left is brought to an end before anything new begins: journals of its
// attempts are taken in, and attempts that have no end are lost. Waits for the database.

#include <cstdint>

#include "storage/files/run_folder.h"
#include "storage/sqlite/database_thread.h"

namespace glimpse::launcher {

struct Leftover {
  std::int64_t now_ms = 0;  // since 1970, for people
  // Whether the database is an older copy of one that was lost, so that folders may hold attempts
  // which it has never heard of. Looks into the folder of every run.
  bool may_lack_attempts = false;
};

void settle(const storage::ResultsFolder& folder,
            storage::DatabaseThread& database,
            const Leftover& leftover);

}  // namespace glimpse::launcher
