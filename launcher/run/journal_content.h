#pragma once

// A whole journal as the database takes it, up to its end or its first damage.

#include <filesystem>
#include <string>
#include <vector>

#include "storage/sqlite/ingest.h"

namespace glimpse::launcher {

struct JournalContent {
  std::vector<storage::NumberedRecord> records;  // their attempt is filled in by who knows it
  std::vector<std::string> checkpoints;          // files that were written, by their names
  std::string damage;                            // what follows the records, with file and line
};

JournalContent read_journal(const std::filesystem::path& file);

}  // namespace glimpse::launcher
