#include "storage/sqlite/query.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/storage/sqlite/scratch_dir.h"
#include "tests/support/cpu_clock.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::plan_sample;
using tests::run_sample;
using tests::sample_epoch;
using tests::ScratchDir;

class Collected : public QuerySink {
 public:
  void columns(std::span<const std::string> names) override {
    names_.assign(names.begin(), names.end());
  }
  void row(std::span<const Cell> cells) override {
    ++rows_;
    if (const auto* text = std::get_if<std::string_view>(&cells[0])) {
      first_ = *text;
    } else if (const auto* integer = std::get_if<std::int64_t>(&cells[0])) {
      first_ = std::to_string(*integer);
    }
  }
  std::vector<std::string> names_;
  std::string first_;  // first cell of the last row
  int rows_ = 0;
};

class QueryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ResultsStore store(path_);
    const std::vector<TrialId> trials = plan_sample(store, 4, "table1", 2);
    run_sample(store, trials[0], {sample_epoch(1, 5), FinishedRecord{.best_epoch = 1}});
    EXPECT_TRUE(store.database().close_cleanly());
  }

  Collected run(const std::string& sql, std::vector<QueryParameter> parameters = {}) {
    Query query(path_, limits_);
    Collected rows;
    query.run(sql, parameters, rows);
    return rows;
  }

  std::string refusal(const std::string& sql, std::vector<QueryParameter> parameters = {}) {
    try {
      run(sql, std::move(parameters));
    } catch (const StorageError& error) {
      return error.what();
    }
    return "";
  }

  ScratchDir folder_;
  std::filesystem::path path_ = folder_ / "glimpse.db";
  QueryLimits limits_;
};

TEST_F(QueryTest, StreamsNamesAndRows) {
  const Collected rows = run("SELECT run_id, seed AS s FROM v_trials ORDER BY seed");
  EXPECT_EQ(rows.names_, (std::vector<std::string>{"run_id", "s"}));
  EXPECT_EQ(rows.rows_, 4);
}

TEST_F(QueryTest, AllPublicViewsMayBeRead) {
  for (const char* view : {"v_trials",
                           "v_plan",
                           "v_studies",
                           "v_attempts",
                           "v_metrics",
                           "v_curves",
                           "v_cells",
                           "v_failures",
                           "v_timings",
                           "v_epochs",
                           "v_artifacts",
                           "v_events"}) {
    EXPECT_EQ(refusal(std::string("SELECT * FROM ") + view), "") << view;
  }
}

TEST_F(QueryTest, BindsParametersByName) {
  EXPECT_EQ(run("SELECT :a || @b || $c", {{"a", "x"}, {"b", std::int64_t{1}}, {"c", 0.5}}).first_,
            "x10.5");
  EXPECT_EQ(
      run("SELECT count(*) FROM v_trials WHERE study = :study", {{"study", "x' OR 1 --"}}).first_,
      "0");
  EXPECT_NE(refusal("SELECT :a").find(":a"), std::string::npos);
  EXPECT_NE(refusal("SELECT ?1", {{"1", "x"}}), "");
  EXPECT_NE(refusal("SELECT 1", {{"typo", "x"}}).find("typo"), std::string::npos);
}

TEST_F(QueryTest, RefusesEverythingButReading) {
  const std::string before = tests::load_bytes(path_);
  const std::vector<std::string> hostile = {"DELETE FROM trials",
                                            "INSERT INTO names (name) VALUES ('x')",
                                            "UPDATE trials SET seed = 7",
                                            "CREATE TABLE t (a)",
                                            "CREATE TEMP TABLE t (a)",
                                            "CREATE TEMP VIEW v AS SELECT 1",
                                            "DROP VIEW v_trials",
                                            "ATTACH '/tmp/x.db' AS x",
                                            "DETACH main",
                                            "PRAGMA writable_schema=ON",
                                            "PRAGMA journal_mode=DELETE",
                                            "PRAGMA user_version",
                                            "SELECT * FROM pragma_table_info('trials')",
                                            "BEGIN IMMEDIATE",
                                            "SAVEPOINT s",
                                            "VACUUM",
                                            "VACUUM INTO '/tmp/glimpse-stolen.db'",
                                            "REINDEX",
                                            "ANALYZE",
                                            "SELECT load_extension('/tmp/x.so')",
                                            "SELECT fts3_tokenizer('simple')",
                                            "SELECT FORMAT('%d', 1)",
                                            "CREATE VIRTUAL TABLE f USING fts5(a)",
                                            "EXPLAIN DELETE FROM trials",
                                            "SELECT 1; DELETE FROM trials",
                                            "",
                                            "nonsense"};
  for (const std::string& sql : hostile) {
    EXPECT_NE(refusal(sql), "") << sql;
  }
  EXPECT_EQ(tests::load_bytes(path_), before);
  EXPECT_FALSE(std::filesystem::exists("/tmp/glimpse-stolen.db"));
}

// SQLite tells the name of whatever stands in FROM as that of a view.
TEST_F(QueryTest, RefusesFunctionsInEveryPartOfAQuery) {
  for (const std::string call : {"fts3_tokenizer('simple')",
                                 "load_extension('/tmp/x.so')",
                                 "printf('%.*c', 2000000000, 'x')",
                                 "format('%d', 1)",
                                 "trim('x', 'y')",
                                 "ltrim('x')",
                                 "RTRIM('x')"}) {
    for (const std::string& sql :
         {"SELECT " + call,
          "WITH x AS (SELECT " + call + " a) SELECT * FROM x",
          "WITH v_trials AS (SELECT " + call + " a) SELECT * FROM v_trials",
          "SELECT * FROM (SELECT " + call + " a) v_trials",
          "SELECT (SELECT " + call + ") FROM v_trials",
          "SELECT 1 FROM v_trials ORDER BY " + call}) {
      EXPECT_NE(refusal(sql).find("not authorized"), std::string::npos)
          << sql << ": " << refusal(sql);
    }
  }
}

TEST_F(QueryTest, SaysThatQueriesMayOnlyRead) {
  EXPECT_NE(refusal("ATTACH '/tmp/x.db' AS x").find("only read"), std::string::npos)
      << refusal("ATTACH '/tmp/x.db' AS x");
}

TEST_F(QueryTest, StopsAtTheTimeLimit) {
  limits_.time = std::chrono::milliseconds(100);
  const auto start = std::chrono::steady_clock::now();
  const std::string text = refusal(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  EXPECT_NE(text.find("100 ms"), std::string::npos) << text;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(QueryTest, StopsAtTheRowLimit) {
  limits_.rows = 3;
  EXPECT_EQ(refusal("SELECT 1 FROM v_trials LIMIT 3"), "");
  EXPECT_NE(refusal("SELECT 1 FROM v_trials").find("more than 3 rows (give --limit-rows"),
            std::string::npos);
}

TEST_F(QueryTest, SqlOfOurOwnHasNoLimits) {
  EXPECT_FALSE(limits_.time || limits_.rows || limits_.memory_bytes);
  EXPECT_EQ(run("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000001)"
                " SELECT i FROM n")
                .rows_,
            1'000'001);
}

TEST_F(QueryTest, StopsAtTheMemoryLimit) {
  limits_.memory_bytes = 32 << 20;
  const std::string text = refusal(
      "WITH RECURSIVE n (i, t) AS (SELECT 1, hex(zeroblob(100000)) UNION SELECT i + 1,"
      " t || i FROM n) SELECT count(*) FROM n");
  EXPECT_NE(text.find("memory"), std::string::npos) << text;
  EXPECT_EQ(run("SELECT count(*) FROM v_trials").first_, "4") << "usable afterwards";
}

// Each of these asks for gigabytes or hours in a few characters.
TEST_F(QueryTest, SurvivesBombs) {
  limits_.time = std::chrono::milliseconds(300);
  limits_.memory_bytes = 128 << 20;
  std::string doubling = "WITH a0 (x) AS (SELECT 1)";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    doubling +=
        ", a" + std::to_string(i) + " (x) AS (SELECT p.x FROM " + before + " p, " + before + " q)";
  }
  const std::vector<std::string> bombs = {
      "SELECT zeroblob(2000000000)",
      "SELECT length(zeroblob(1000000000))",
      "SELECT printf('%2000000000d', 1)",
      "SELECT printf('%.*c', 2000000000, 'x')",
      "SELECT trim(hex(zeroblob(400000)), hex(zeroblob(400000)))",
      "SELECT hex(randomblob(900000))",
      "SELECT " + std::string(5000, '(') + "1" + std::string(5000, ')'),
      "SELECT " + std::string(3000, '-') + "1",
      "SELECT 1" + std::string(500, '+') + "1",
      "SELECT " + std::string(300'000, 'x'),
      doubling + " SELECT count(*) FROM a39",
      "SELECT count(*) FROM v_metrics a, v_metrics b, v_metrics c, sqlite_schema d, sqlite_schema "
      "e,"
      " sqlite_schema f, sqlite_schema g, sqlite_schema h, sqlite_schema i, sqlite_schema j",
      "SELECT group_concat(hex(zeroblob(100000)), '') FROM sqlite_schema a, sqlite_schema b",
      "WITH RECURSIVE n (t) AS (SELECT 'x' UNION ALL SELECT t || t FROM n) SELECT length(t) FROM n",
      "SELECT json('" + std::string(3000, '[') + "')"};
  const double start_s = tests::cpu_seconds();
  for (const std::string& bomb : bombs) {
    EXPECT_NE(refusal(bomb), "") << bomb.substr(0, 100);
  }
  EXPECT_LT(tests::cpu_seconds() - start_s, 20);
}

TEST_F(QueryTest, RefusesADatabaseOfAnotherVersion) {
  {
    Database database(path_, OpenMode::kReadWrite);
    database.execute("PRAGMA user_version=99");
    EXPECT_TRUE(database.close_cleanly());
  }
  EXPECT_NE(refusal("SELECT 1").find("99"), std::string::npos);
}

TEST_F(QueryTest, WorksWhileTheCoordinatorWrites) {
  ResultsStore store(path_);
  plan_sample(store, 5, "other", 1, 1000);
  EXPECT_EQ(run("SELECT count(*) FROM v_trials").first_, "9");
}

TEST_F(QueryTest, WideGivesEveryParameterAColumn) {
  Query query(path_);
  Collected rows;
  query.run(render_wide_query(query.database(), "table1"), {}, rows);
  EXPECT_EQ(rows.names_,
            (std::vector<std::string>{"run_id",
                                      "position",
                                      "seed",
                                      "arm",
                                      "state",
                                      "outcome",
                                      "objective",
                                      "dropout",
                                      "model"}));
  EXPECT_EQ(rows.rows_, 4);
  EXPECT_THROW(render_wide_query(query.database(), "nope"), StorageError);
}

TEST_F(QueryTest, WideTakesAnyNameForData) {
  const std::string study = "it's \"odd\"; DROP TABLE trials --";
  {
    ResultsStore store(path_);
    const std::string parameters =
        R"({"a\"b":1,"x' y":2,"Run_ID":3,"$.c":4,"; DROP TABLE trials":5,"":6})";
    PlannedTrialEntry trial = {.code = "1", .parameters_json = parameters};
    const std::string key = tests::sample_key(77);
    trial.key = key;
    store.ledger().add_plan(tests::sample_study(study), {&trial, 1}, 1);
  }
  Query query(path_);
  Collected rows;
  query.run(render_wide_query(query.database(), study), {}, rows);
  EXPECT_EQ(rows.rows_, 1);
  EXPECT_EQ(rows.names_.size(), 7U + 6U);
  EXPECT_NE(std::find(rows.names_.begin(), rows.names_.end(), "a\"b"), rows.names_.end());
  EXPECT_NE(std::find(rows.names_.begin(), rows.names_.end(), "parameters.Run_ID"),
            rows.names_.end());
}

}  // namespace
}  // namespace glimpse::storage
