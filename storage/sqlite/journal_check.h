#pragma once

// Whether the database says of a run what the journals of its attempts say. The records are the
// origin of every number; SQLite's pages carry no checksums, so a digit that changed in one of them
// shows here alone. What only the database knows (node, slot and start of an attempt, and whether
// an unfinished run waits or was given up) cannot be compared. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/sqlite/ingest.h"
#include "storage/sqlite/run_rows.h"

namespace glimpse::storage {

// The whole journals of a run's attempts, by number. A damaged or missing one is left out: then
// what the others do not tell goes unsaid.
using RunJournals = std::map<std::int64_t, std::vector<NumberedRecord>>;

// One line for each value that differs, with its attempt, epoch and name.
std::vector<std::string> find_differences(const RunRows& run, const RunJournals& journals);

}  // namespace glimpse::storage
