#pragma once

// The line of a journal from which the database has a record, for tests that give both the same.

#include <cstdint>
#include <string>

#include "storage/sqlite/ingest.h"

namespace glimpse::tests {

// Of any record but a HelloRecord, of which the database keeps a text.
std::string journal_line(const std::string& run_id,
                         std::int64_t attempt,
                         const storage::Record& record);

}  // namespace glimpse::tests
