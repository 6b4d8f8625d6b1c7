#include "storage/sqlite/run_rows.h"

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace glimpse::storage {
namespace {

// A coordinator may write meanwhile, and rows of two states would contradict each other. It only
// reads, so there is nothing to commit.
class OneState {
 public:
  explicit OneState(Database& database) : database_(&database) { database.execute("BEGIN"); }
  ~OneState() {
    try {
      database_->execute("ROLLBACK");
    } catch (...) {  // NOLINT(bugprone-empty-catch): the connection ends it by itself
    }
  }
  OneState(const OneState&) = delete;
  OneState& operator=(const OneState&) = delete;
  OneState(OneState&&) = delete;
  OneState& operator=(OneState&&) = delete;

 private:
  Database* database_;
};

ValueRows load_values(Statement& statement, std::int64_t owner) {
  ValueRows values;
  Rows rows = statement.query(owner);
  while (rows.next()) {
    values.emplace_hint(values.end(), std::pair(rows.integer(0), rows.text(1)), rows.maybe_real(2));
  }
  return values;
}

void load_epochs(Database& database, AttemptId attempt, AttemptRows& into) {
  Rows rows = database.prepared("SELECT epoch, t_ms, weights_hash FROM epochs WHERE attempt = ?1")
                  .query(attempt);
  while (rows.next()) {
    into.epochs[rows.integer(0)] = {.t_ms = rows.integer(1), .weights_hash = rows.text(2)};
  }
}

void load_artifacts(Database& database, AttemptId attempt, AttemptRows& into) {
  Rows rows = database
                  .prepared(
                      "SELECT file, bytes, xxh3, step, epoch FROM artifacts"
                      " WHERE attempt = ?1 AND kind = 'checkpoint'")
                  .query(attempt);
  while (rows.next()) {
    into.artifacts[rows.text(0)] = {.bytes = rows.maybe_integer(1),
                                    .xxh3 = rows.text(2),
                                    .step = rows.maybe_integer(3),
                                    .epoch = rows.maybe_integer(4)};
  }
}

void load_rows_of(Database& database, AttemptId attempt, AttemptRows& into) {
  load_epochs(database, attempt, into);
  load_artifacts(database, attempt, into);
  into.timings =
      load_values(database.prepared("SELECT t.epoch, n.name, t.value FROM timings t JOIN names n"
                                    " ON n.id = t.name WHERE t.attempt = ?1"),
                  attempt);
}

void load_attempts(Database& database, TrialId trial, RunRows& run) {
  std::vector<AttemptId> ids;
  {
    Rows rows = database
                    .prepared(
                        "SELECT a.id, a.number, a.state, a.class, a.message, e.hash, e.json,"
                        " a.started_ms, a.ended_ms, a.records_taken, a.checkpoints"
                        " FROM attempts a LEFT JOIN environments e ON e.id = a.environment"
                        " WHERE a.trial = ?1 ORDER BY a.number")
                    .query(trial);
    while (rows.next()) {
      ids.push_back(rows.integer(0));
      run.attempts.push_back({.number = rows.integer(1),
                              .state = rows.text(2),
                              .fault_class = rows.text(3),
                              .message = rows.text(4),
                              .environment_hash = rows.text(5),
                              .environment_json = rows.text(6),
                              .started_ms = rows.integer(7),
                              .ended_ms = rows.maybe_integer(8),
                              .records_taken = rows.integer(9),
                              .checkpoints = rows.integer(10)});
    }
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    load_rows_of(database, ids[i], run.attempts[i]);
  }
}

void load_objectives(Database& database, TrialId trial, RunRows& run) {
  Rows rows = database
                  .prepared(
                      "SELECT s.metric, s.goal = 'maximize' FROM study_trials l"
                      " JOIN studies s ON s.id = l.study WHERE l.trial = ?1"
                      " ORDER BY s.created_ms, s.name, s.text_hash")
                  .query(trial);
  while (rows.next()) {
    run.objectives.push_back({.metric = rows.text(0), .is_maximized = rows.integer(1) != 0});
  }
}

std::optional<TrialId> load_trial(Database& database, std::string_view run_id, RunRows& run) {
  Rows rows = database
                  .prepared(
                      "SELECT id, key, kind, code, dataset, arm, parameters, seed, world_size,"
                      " state, outcome, objective, best_epoch FROM trials WHERE run_id = ?1")
                  .query(run_id);
  if (!rows.next()) {
    return std::nullopt;
  }
  run.key = rows.text(1);
  run.kind = rows.text(2);
  run.code = rows.text(3);
  run.dataset = rows.text(4);
  run.arm = rows.text(5);
  run.parameters_json = rows.text(6);
  run.seed = rows.integer(7);
  run.world_size = rows.integer(8);
  run.state = rows.text(9);
  run.outcome = rows.text(10);
  run.objective = rows.maybe_real(11);
  run.best_epoch = rows.maybe_integer(12);
  return rows.integer(0);
}

}  // namespace

std::vector<std::string> list_run_ids(Database& database) {
  std::vector<std::string> ids;
  Rows rows = database.prepared("SELECT run_id FROM trials ORDER BY run_id").query();
  while (rows.next()) {
    ids.push_back(rows.text(0));
  }
  return ids;
}

std::optional<RunRows> load_run_rows(Database& database, std::string_view run_id) {
  const OneState state(database);
  RunRows run;
  const std::optional<TrialId> trial = load_trial(database, run_id, run);
  if (!trial) {
    return std::nullopt;
  }
  load_objectives(database, *trial, run);
  load_attempts(database, *trial, run);
  run.metrics =
      load_values(database.prepared("SELECT m.epoch, n.name, m.value FROM metrics m JOIN names n"
                                    " ON n.id = m.name WHERE m.trial = ?1"),
                  *trial);
  return run;
}

}  // namespace glimpse::storage
