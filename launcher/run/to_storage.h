#pragma once

// Records as experiments know them, turned into those that the database takes. A pure function:
// the two folders do not know each other.

#include "experiments/record.h"
#include "storage/sqlite/ingest.h"

namespace glimpse::launcher {

storage::Record to_storage(const experiments::RecordBody& body);

}  // namespace glimpse::launcher
