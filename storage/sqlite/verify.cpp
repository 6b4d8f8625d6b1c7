#include "storage/sqlite/verify.h"

#include <string_view>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

// What must hold, and the rows for which it does not: their names, at most a few of each.
struct Invariant {
  std::string_view broken;
  std::string_view sql;
};

constexpr Invariant kInvariants[] = {
    {"row points to a row that is not there, in table",
     "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check LIMIT 5"},
    {"trial stands in no study",
     "SELECT run_id FROM trials WHERE id NOT IN (SELECT trial FROM study_trials) LIMIT 5"},
    {"attempts are not numbered 1, 2, 3, ... in trial",
     "SELECT t.run_id FROM attempts a JOIN trials t ON t.id = a.trial GROUP BY a.trial"
     " HAVING min(a.number) <> 1 OR max(a.number) <> count(*) LIMIT 5"},
    {"trial is running without a running attempt, or the other way round",
     "SELECT run_id FROM trials t WHERE (state = 'running') <> EXISTS"
     " (SELECT 1 FROM attempts a WHERE a.trial = t.id AND a.state = 'running') LIMIT 5"},
    {"trial is done without a finished attempt",
     "SELECT run_id FROM trials t WHERE state = 'done' AND NOT EXISTS"
     " (SELECT 1 FROM attempts a WHERE a.trial = t.id AND a.state = 'finished') LIMIT 5"},
    {"a merge was cut off before folders had moved (merge into this folder again), trial",
     "SELECT DISTINCT t.run_id FROM attempt_moves m JOIN attempts a ON a.id = m.attempt"
     " JOIN trials t ON t.id = a.trial LIMIT 5"},
    {"metrics belong to no trial, number",
     "SELECT DISTINCT trial FROM metrics WHERE trial NOT IN (SELECT id FROM trials) LIMIT 5"},
    {"metrics have no name, number",
     "SELECT DISTINCT name FROM metrics WHERE name NOT IN (SELECT id FROM names) LIMIT 5"},
    {"timings belong to no attempt, number",
     "SELECT DISTINCT attempt FROM timings WHERE attempt NOT IN (SELECT id FROM attempts) LIMIT 5"},
    {"timings have no name, number",
     "SELECT DISTINCT name FROM timings WHERE name NOT IN (SELECT id FROM names) LIMIT 5"},
    {"epochs belong to no attempt, number",
     "SELECT DISTINCT attempt FROM epochs WHERE attempt NOT IN (SELECT id FROM attempts) LIMIT 5"},
};

void check_integrity(Database& database, std::vector<std::string>& problems) {
  Statement statement(database, "PRAGMA integrity_check(20)");
  Rows rows = statement.query();
  while (rows.next()) {
    if (rows.text(0) != "ok") {
      problems.push_back("damaged: " + rows.text(0));
    }
  }
}

void check_invariant(Database& database,
                     const Invariant& invariant,
                     std::vector<std::string>& problems) {
  Statement statement(database, invariant.sql);
  Rows rows = statement.query();
  while (rows.next()) {
    problems.push_back(std::string(invariant.broken) + " " + rows.text(0));
  }
}

}  // namespace

std::vector<std::string> verify_results(Database& database) {
  std::vector<std::string> problems;
  try {
    check_integrity(database, problems);
    for (const Invariant& invariant : kInvariants) {
      check_invariant(database, invariant, problems);
    }
  } catch (const StorageError& error) {
    if (error.fault() == StorageFault::kBusy || error.fault() == StorageFault::kDiskFull) {
      throw;  // says nothing about the file
    }
    problems.emplace_back(error.what());
  }
  return problems;
}

}  // namespace glimpse::storage
