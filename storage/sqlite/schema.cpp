#include "storage/sqlite/schema.h"

#include <string>

#include "storage/sqlite/database.h"
#include "storage/sqlite/schema_sql.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

int read_pragma(Database& database, std::string_view name) {
  // Not from the statement cache: a cached statement would be re-prepared by every migration.
  Statement statement(database, "PRAGMA " + std::string(name));
  return static_cast<int>(statement.find_integer().value_or(0));
}

bool has_tables(Database& database) {
  Statement statement(database, "SELECT count(*) FROM sqlite_schema");
  return statement.find_integer().value_or(0) != 0;
}

[[noreturn]] void refuse(const Database& database, const std::string& why) {
  throw StorageError(StorageFault::kForeign,
                     database.path(),
                     "open results " + database.path().string() + ": " + why);
}

int check_version(Database& database, int newest) {
  const bool is_ours = read_pragma(database, "application_id") == kApplicationId;
  const int version = read_pragma(database, "user_version");
  if (!is_ours && (version != 0 || has_tables(database))) {
    refuse(database, "this is another program's database");
  }
  if (version > newest) {
    refuse(database,
           "it has schema version " + std::to_string(version) +
               " and this program knows versions up to " + std::to_string(newest) +
               " (use the newer glimpse; nothing was changed)");
  }
  return version;
}

void apply(Database& database, const Migration& step) {
  Transaction transaction(database);
  database.execute(step.sql);
  database.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
                   "; PRAGMA user_version=" + std::to_string(step.version));
  transaction.commit();
}

}  // namespace

std::vector<Migration> migrations() {
  return {
      {.version = 1, .sql = std::string(kSchema1Tables) + std::string(kSchema1Views)},
  };
}

void check_schema(Database& database) {
  check_version(database, kSchemaVersion);
}

void check_schema_is_current(Database& database) {
  const int version = check_version(database, kSchemaVersion);
  if (version != kSchemaVersion) {
    refuse(database,
           "it has schema version " + std::to_string(version) + " and this program reads " +
               std::to_string(kSchemaVersion) +
               " (whoever writes to its folder next brings it up)");
  }
}

void migrate(Database& database, const std::vector<Migration>& steps) {
  const int version = check_version(database, steps.back().version);
  for (const Migration& step : steps) {
    if (step.version > version) {
      apply(database, step);
    }
  }
}

}  // namespace glimpse::storage
