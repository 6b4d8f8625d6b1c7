// What the reading verbs ask of the database never looks at all metrics: of those there are
// millions. Every statement that SQLite is given while a verb runs is looked at.

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "launcher/commands/check.h"
#include "launcher/commands/compare.h"
#include "launcher/commands/report.h"
#include "launcher/commands/status.h"
#include "launcher/results.h"
#include "tests/launcher/fake_env.h"
#include "tests/launcher/stored_study.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

struct Seen {
  std::set<std::string> texts;
  std::int64_t steps = 0;  // of SQLite's machine
};

// SQLite's hooks know no owner.
Seen& seen() {
  static Seen all;
  return all;
}

int take_statement(unsigned /*kind*/, void* /*context*/, void* given, void* /*nanoseconds*/) {
  auto* const statement = static_cast<sqlite3_stmt*>(given);
  seen().texts.emplace(sqlite3_sql(statement));
  seen().steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
  return 0;
}

int watch_connection(sqlite3* database, const char** /*error*/, const void* /*routines*/) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, take_statement, nullptr);
}

// While it lives, every connection that is opened tells what it runs.
class Watch {
 public:
  Watch() {
    seen() = {};
    sqlite3_auto_extension(hook());
  }
  ~Watch() { sqlite3_cancel_auto_extension(hook()); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  Watch(Watch&&) = delete;
  Watch& operator=(Watch&&) = delete;

 private:
  static void (*hook())() {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the type that SQLite asks for
    return reinterpret_cast<void (*)()>(watch_connection);
  }
};

bool is_reading(const std::string& text) {
  const std::string begin = text.substr(0, 6);
  return std::ranges::equal(begin, std::string("select"), [](char given, char wanted) {
    return std::tolower(static_cast<unsigned char>(given)) == wanted;
  });
}

// The views call metrics and timings m and b, wherever they do not call them by their names. A
// search that says nothing of what is searched for begins at one end and goes on to the other.
bool is_full(const std::string& step) {
  constexpr std::array kNames = {"m", "b", "metrics", "timings", "v_metrics", "v_timings"};
  return std::ranges::any_of(kNames, [&](const std::string& name) {
    const bool is_search = (step + ' ').starts_with("SEARCH " + name + ' ');
    return (step + ' ').starts_with("SCAN " + name + ' ') ||
           (is_search && step.find('(') == std::string::npos);
  });
}

// As EXPLAIN QUERY PLAN tells them.
std::vector<std::string> full_scans(const std::filesystem::path& database, const std::string& sql) {
  sqlite3* handle = nullptr;
  sqlite3_open_v2(database.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> closes(handle, sqlite3_close);
  sqlite3_stmt* statement = nullptr;
  const std::string text = "explain query plan " + sql;
  EXPECT_EQ(sqlite3_prepare_v2(handle, text.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(handle) << '\n'
      << sql;
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> ends(statement, sqlite3_finalize);
  std::vector<std::string> scans;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    constexpr int kDetail = 3;
    std::string step =
        reinterpret_cast<const char*>(sqlite3_column_text(statement, kDetail));  // NOLINT
    if (is_full(step)) {
      scans.push_back(step.append(" in: ").append(sql));
    }
  }
  return scans;
}

class QueryPlans : public testing::Test {
 protected:
  // Two studies of the same trials, of which one selects; of another one something runs and
  // something has failed.
  void make_results(std::int64_t epochs) {
    std::filesystem::create_directories(database().parent_path());
    storage::ResultsStore store(database());
    const auto loss_of = [](std::size_t run, std::int64_t epoch) {
      return static_cast<double>(run % 7) + 1 / static_cast<double>(epoch);
    };
    complete_trials(add_study("flat", "", store), epochs, loss_of, store);
    add_study("chosen",
              R"(, "table": {"metric": "loss", "rows": "a", "columns": "c",
                  "select": {"best": "loss", "over": ["b"], "seeds": 3}})",
              store);
    const auto open = add_study("open", "", store, R"("true", "x", )");
    store.ledger().start_attempt(open[0], {"node1", 0}, 1);
    const auto failed = store.ledger().start_attempt(open[1], {"node1", 1}, 1).attempt;
    store.ingest().ingest(failed, 1, 2, storage::FailedRecord{"oom", "out of memory"});
    store.database().close_cleanly();
  }

  std::vector<storage::TrialId> add_study(const std::string& name,
                                          const std::string& table,
                                          storage::ResultsStore& store,
                                          const std::string& command = R"("true", )") {
    const std::string file = dir_ / (name + ".json");
    save_bytes(file,
               R"({"name": ")" + name + R"(", "kind": "command", "command": [)" + command +
                   R"("{a}", "{b}", "{c}"], "metric": {"name": "loss"}, "seeds": 3, "parameters":
                 {"a": {"values": [1, 2]}, "b": {"values": [1, 2]}, "c": {"value": 1}})" +
                   table + "}");
    return store_study(file, settings(), store);
  }

  [[nodiscard]] launcher::Settings settings() const {
    launcher::Settings settings;
    settings.results = {database().parent_path().string(), "test"};
    return settings;
  }
  [[nodiscard]] std::filesystem::path database() const { return dir_ / "results/glimpse.db"; }

  template <class Options>
  Seen watch(int (*verb)(const Options&, launcher::Env&), const std::string& study) const {
    Options options;
    options.study = study;
    return watch(verb, options);
  }
  template <class Options>
  Seen watch(int (*verb)(const Options&, launcher::Env&), const Options& options) const {
    FakeEnv fake;
    fake.env.settings = settings();
    const Watch watch;
    verb(options, fake.env);
    return seen();
  }

  void expect_no_scan(const Seen& all) const {
    EXPECT_FALSE(all.texts.empty());
    for (const std::string& text : all.texts) {
      if (is_reading(text)) {
        EXPECT_EQ(full_scans(database(), text), std::vector<std::string>());
      }
    }
  }

  TempDir dir_;
};

TEST_F(QueryPlans, OfStatusLeaveTheMetricsAlone) {
  make_results(2);
  expect_no_scan(watch(launcher::status, ""));
  expect_no_scan(watch(launcher::status, "open"));
}

TEST_F(QueryPlans, OfCheckLeaveTheMetricsAlone) {
  make_results(2);
  for (const char* study : {"flat", "chosen", "open"}) {
    expect_no_scan(watch(launcher::check, study));
  }
}

TEST_F(QueryPlans, OfReportLeaveTheMetricsAlone) {
  make_results(2);
  for (const char* study : {"flat", "chosen", "open"}) {
    expect_no_scan(watch(launcher::report, study));
  }
}

TEST_F(QueryPlans, OfCompareLeaveTheMetricsAlone) {
  make_results(2);
  launcher::CompareOptions options;
  options.sides = {"flat", "chosen", "open"};
  expect_no_scan(watch(launcher::compare, options));
  storage::Query results(database());
  options.sides.clear();
  for (const reports::Row& row :
       launcher::query_table(results, "select run_id from v_trials limit 3").rows) {
    options.sides.push_back(reports::render_exact(row[0]));
  }
  expect_no_scan(watch(launcher::compare, options));
}

// A search per trial is no scan, and yet it may come to the same.
TEST_F(QueryPlans, TakeNoMoreStepsWhereThereAreMoreEpochs) {
  const auto count_steps = [&] {
    std::int64_t steps = watch(launcher::status, "").steps;
    for (const char* study : {"flat", "chosen"}) {
      steps += watch(launcher::check, study).steps;
    }
    return steps;
  };
  make_results(2);
  const std::int64_t few = count_steps();
  std::filesystem::remove_all(database().parent_path());
  make_results(200);
  EXPECT_EQ(count_steps(), few);
}

TEST_F(QueryPlans, AreToldFromFullScans) {
  make_results(2);
  EXPECT_FALSE(full_scans(database(), "select max(value) from metrics").empty());
  EXPECT_FALSE(full_scans(database(), "select sum(m.value) from timings m").empty());
  EXPECT_TRUE(full_scans(database(), "select value from v_metrics where run_id = 'a'").empty());
}

}  // namespace
}  // namespace glimpse::tests
