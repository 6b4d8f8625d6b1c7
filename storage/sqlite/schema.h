#pragma once

// The shape of a results database. Its version is SQLite's user_version; each step from one version
// to the next is one migration in one transaction, so a crash leaves the old or the new version and
// nothing between. A newer database, or somebody else's, is refused before a byte of it changes.

#include <string>
#include <vector>

namespace glimpse::storage {

class Database;

// SQLite's application_id of our files: the letters "GLMP".
inline constexpr int kApplicationId = 0x474c4d50;

struct Migration {
  int version;           // after it
  std::string sql = {};  // any number of statements, without BEGIN and COMMIT
};

// In order; the last one's version is the schema's.
std::vector<Migration> migrations();
inline constexpr int kSchemaVersion = 1;

// Throws StorageError: kForeign for a newer version (both versions are named) or for a database
// that is not ours. An empty database passes: it has version 0.
void check_schema(Database& database);
// The same, and an older version is refused too: for readers, who cannot migrate.
void check_schema_is_current(Database& database);

// Brings the database to the last version of `steps`. Repeating it does nothing.
void migrate(Database& database, const std::vector<Migration>& steps = migrations());

}  // namespace glimpse::storage
