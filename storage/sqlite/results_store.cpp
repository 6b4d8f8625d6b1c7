#include "storage/sqlite/results_store.h"

#include <system_error>

#include "storage/sqlite/schema.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

// Looks through a read-only connection first: one that can write would already switch the journal.
void check_before_writing(const std::filesystem::path& path) {
  try {
    Database probe(path, OpenMode::kReadOnly);
    check_schema(probe);
  } catch (const StorageError& error) {
    // A writer that died may have left what only a writer can clean up; migrate() checks again.
    if (error.fault() != StorageFault::kRefused) {
      throw;
    }
  }
}

const std::filesystem::path& checked(const std::filesystem::path& path) {
  std::error_code missing;
  if (std::filesystem::file_size(path, missing) > 0 && !missing) {
    check_before_writing(path);
  }
  return path;
}

}  // namespace

ResultsStore::ResultsStore(const std::filesystem::path& path)
    : database_(checked(path), OpenMode::kCreate),
      ledger_(database_),
      reader_(database_),
      ingest_(database_) {
  migrate(database_);
}

}  // namespace glimpse::storage
