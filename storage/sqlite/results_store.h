#pragma once

// A results database opened for writing, brought to this program's schema, with what writes to it.
// One process and one thread of it use it at a time; the caller holds the folder's lock.

#include <filesystem>

#include "storage/sqlite/database.h"
#include "storage/sqlite/ingest.h"
#include "storage/sqlite/ledger.h"
#include "storage/sqlite/ledger_reader.h"

namespace glimpse::storage {

class ResultsStore {
 public:
  // Makes the file when it is missing. A newer or foreign one is refused untouched.
  explicit ResultsStore(const std::filesystem::path& path);

  [[nodiscard]] Database& database() { return database_; }
  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] const LedgerReader& reader() const { return reader_; }
  [[nodiscard]] Ingest& ingest() { return ingest_; }

 private:
  Database database_;
  Ledger ledger_;
  LedgerReader reader_;
  Ingest ingest_;
};

}  // namespace glimpse::storage
