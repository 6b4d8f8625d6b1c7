#include "storage/sqlite/schema.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/results_store.h"
#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::load_bytes;
using tests::rows_of;
using tests::ScratchDir;

std::filesystem::path fixture(int version) {
  return std::filesystem::path(GLIMPSE_SOURCE_DIR) / "tests/storage/sqlite" /
         ("schema_" + std::to_string(version) + ".sql");
}

std::vector<std::string> schema_of(Database& database) {
  return rows_of(database, "SELECT name, sql FROM sqlite_schema ORDER BY name");
}

template <class Action>
std::string refusal(StorageFault fault, Action action) {
  try {
    action();
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "was let pass";
  return "";
}

TEST(Schema, IsMadeOnceAndThenLeftAlone) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  migrate(database);
  const auto first = schema_of(database);
  EXPECT_EQ(rows_of(database, "PRAGMA user_version"),
            std::vector<std::string>{std::to_string(kSchemaVersion)});
  migrate(database);
  EXPECT_EQ(schema_of(database), first);
}

TEST(Schema, VersionIsThatOfTheLastMigration) {
  EXPECT_EQ(migrations().back().version, kSchemaVersion);
}

TEST(Schema, HasStrictTablesOnly) {
  const ScratchDir folder;
  ResultsStore store(folder / "x.db");
  EXPECT_EQ(rows_of(store.database(),
                    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                    " AND NOT strict AND name NOT LIKE 'sqlite_%'"),
            std::vector<std::string>{});
}

// A text that was released is fixed for ever: databases made by it exist. The fixture is such a
// database, and what it holds must be there after every later migration.
TEST(Schema, EveryReleasedVersionMigratesWithItsContent) {
  for (int version = 1; version <= kSchemaVersion; ++version) {
    const ScratchDir folder;
    std::vector<std::string> old_schema;
    {
      Database database(folder / "x.db", OpenMode::kCreate);
      database.execute(load_bytes(fixture(version)));
      old_schema = schema_of(database);
      EXPECT_TRUE(database.close_cleanly());
    }
    ResultsStore store(folder / "x.db");
    EXPECT_EQ(rows_of(store.database(), "SELECT run_id, epoch, name, value FROM v_metrics"),
              (std::vector<std::string>{"00000000000000000000000000000007\t1\tvalid_error\t12.5"}));
    EXPECT_EQ(rows_of(store.database(), "SELECT study, state, outcome, objective FROM v_trials"),
              (std::vector<std::string>{"table1\tdone\tcompleted\t12.5"}));
    Database fresh(folder / "fresh.db", OpenMode::kCreate);
    auto steps = migrations();
    steps.resize(static_cast<std::size_t>(version));
    migrate(fresh, steps);
    EXPECT_EQ(schema_of(fresh), old_schema) << "the text of version " << version << " has changed";
  }
}

TEST(Schema, RefusesANewerDatabaseUntouched) {
  const ScratchDir folder;
  {
    ResultsStore store(folder / "x.db");
    store.database().execute("PRAGMA user_version=99");
    EXPECT_TRUE(store.database().close_cleanly());
  }
  const std::string before = load_bytes(folder / "x.db");
  const std::string text =
      refusal(StorageFault::kForeign, [&] { ResultsStore store(folder / "x.db"); });
  EXPECT_NE(text.find("version 99"), std::string::npos) << text;
  EXPECT_NE(text.find("up to " + std::to_string(kSchemaVersion)), std::string::npos) << text;
  EXPECT_EQ(load_bytes(folder / "x.db"), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Schema, RefusesAnotherProgramsDatabaseUntouched) {
  const ScratchDir folder;
  {
    Database database(folder / "x.db", OpenMode::kCreate);
    database.execute("CREATE TABLE mine (a)");
    EXPECT_TRUE(database.close_cleanly());
  }
  const std::string before = load_bytes(folder / "x.db");
  refusal(StorageFault::kForeign, [&] { ResultsStore store(folder / "x.db"); });
  EXPECT_EQ(load_bytes(folder / "x.db"), before);
}

TEST(Schema, AMigrationThatFailsLeavesTheOldVersion) {
  const ScratchDir folder;
  Database database(folder / "x.db", OpenMode::kCreate);
  migrate(database);
  const auto before = schema_of(database);
  auto steps = migrations();
  steps.push_back({.version = kSchemaVersion + 1,
                   .sql = "CREATE TABLE added (a); DROP TABLE metrics; SELECT nonsense"});
  EXPECT_THROW(migrate(database, steps), StorageError);
  EXPECT_EQ(schema_of(database), before);
  EXPECT_EQ(rows_of(database, "PRAGMA user_version"),
            std::vector<std::string>{std::to_string(kSchemaVersion)});
  steps.back().sql = "CREATE TABLE added (a)";
  migrate(database, steps);
  EXPECT_EQ(rows_of(database, "PRAGMA user_version"),
            std::vector<std::string>{std::to_string(kSchemaVersion + 1)});
}

TEST(Schema, ConstraintsRefuseUnknownStates) {
  const ScratchDir folder;
  ResultsStore store(folder / "x.db");
  tests::plan_sample(store, 1);
  EXPECT_THROW(store.database().execute("UPDATE trials SET state = 'odd'"), StorageError);
  EXPECT_THROW(store.database().execute("UPDATE trials SET state = 'done'"), StorageError)
      << "done without an outcome";
  EXPECT_THROW(store.database().execute("UPDATE trials SET outcome = 'completed'"), StorageError);
  EXPECT_THROW(store.database().execute("UPDATE trials SET seed = 'x'"), StorageError) << "STRICT";
}

// "### v_trials" opens a section, "| `run_id` | ..." is one column of it.
std::map<std::string, std::vector<std::string>> documented_columns() {
  std::map<std::string, std::vector<std::string>> views;
  std::ifstream file(std::string(GLIMPSE_SOURCE_DIR) + "/storage/README.md");
  std::string view;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) {
      const auto name = line.find("`v_");
      view = name == std::string::npos ? ""
                                       : line.substr(name + 1, line.find('`', name + 1) - name - 1);
      if (!view.empty()) {
        views[view];
      }
    } else if (!view.empty() && line.starts_with("| `")) {
      views[view].push_back(line.substr(3, line.find('`', 3) - 3));
    }
  }
  return views;
}

TEST(Schema, ReadmeTellsEveryViewColumnByColumn) {
  const ScratchDir folder;
  ResultsStore store(folder / "x.db");
  std::map<std::string, std::vector<std::string>> actual;
  for (const std::string& view : rows_of(store.database(),
                                         "SELECT name FROM sqlite_schema WHERE type = 'view'"
                                         " AND name GLOB 'v_*'")) {
    actual[view] = rows_of(store.database(), "SELECT name FROM pragma_table_info('" + view + "')");
  }
  EXPECT_GE(actual.size(), 6U);
  EXPECT_EQ(documented_columns(), actual);
}

TEST(Schema, EveryPublicViewOfRunsNamesThem) {
  const ScratchDir folder;
  ResultsStore store(folder / "x.db");
  for (const char* view :
       {"v_trials", "v_attempts", "v_metrics", "v_curves", "v_cells", "v_failures"}) {
    EXPECT_NO_THROW(rows_of(store.database(), std::string("SELECT run_id FROM ") + view)) << view;
  }
}

}  // namespace
}  // namespace glimpse::storage
