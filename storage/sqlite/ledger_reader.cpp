#include "storage/sqlite/ledger_reader.h"

#include <algorithm>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr std::size_t kNamedCandidates = 4;

std::optional<Outcome> read_outcome(const Rows& rows, int column) {
  return rows.is_null(column) ? std::nullopt : std::optional(parse_outcome(rows.text(column)));
}

// Columns: id, key, state, outcome, seed, parameters, attempts, position, stage, configuration.
TrialFacts read_trial(const Rows& rows) {
  return {.trial = rows.integer(0),
          .key = rows.text(1),
          .state = parse_trial_state(rows.text(2)),
          .outcome = read_outcome(rows, 3),
          .seed = static_cast<std::uint64_t>(rows.integer(4)),
          .parameters_json = rows.text(5),
          .attempts = rows.integer(6),
          .position = rows.integer(7),
          .stage = static_cast<int>(rows.integer(8)),
          .configuration = static_cast<std::uint32_t>(rows.integer(9))};
}

std::vector<TrialFacts> read_trials(Rows rows) {
  std::vector<TrialFacts> trials;
  while (rows.next()) {
    trials.push_back(read_trial(rows));
  }
  return trials;
}

std::vector<AttemptFacts> read_attempts(Rows rows) {
  std::vector<AttemptFacts> attempts;
  while (rows.next()) {
    attempts.push_back({.attempt = rows.integer(0),
                        .trial = rows.integer(1),
                        .run_id = rows.text(2),
                        .number = rows.integer(3),
                        .state = parse_attempt_state(rows.text(4)),
                        .fault_class = rows.text(5),
                        .node = rows.text(6),
                        .started_ms = rows.integer(7),
                        .ended_ms = rows.maybe_integer(8),
                        .records_taken = rows.integer(9),
                        .checkpoints = rows.integer(10)});
  }
  return attempts;
}

constexpr std::string_view kAttemptColumns =
    "SELECT a.id, a.trial, t.run_id, a.number, a.state, a.class, a.node, a.started_ms, a.ended_ms,"
    " a.records_taken, a.checkpoints"
    " FROM attempts a JOIN trials t ON t.id = a.trial";

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

[[noreturn]] void refuse_prefix(const Database& database,
                                std::string_view prefix,
                                const std::vector<TrialFacts>& found) {
  const std::string what = "find run '" + std::string(prefix) + "': ";
  if (found.empty()) {
    throw StorageError(StorageFault::kMissing,
                       database.path(),
                       what + "no run id begins so (see 'glimpse status')");
  }
  std::string candidates;
  for (std::size_t i = 0; i < std::min(found.size(), kNamedCandidates); ++i) {
    candidates += (i == 0 ? "" : ", ") + found[i].key.substr(0, 32);
  }
  candidates += found.size() > kNamedCandidates ? ", ..." : "";
  throw StorageError(StorageFault::kRefused,
                     database.path(),
                     what + "several run ids begin so: " + candidates + " (give more digits)");
}

}  // namespace

std::optional<StudyFacts> LedgerReader::find_study(std::string_view name) const {
  Rows rows = database_
                  ->prepared(
                      "SELECT s.id, s.name, s.text_hash, s.resolved, s.metric, s.goal = 'maximize'"
                      " FROM newest_studies n JOIN studies s ON s.id = n.id WHERE n.name = ?1")
                  .query(name);
  if (!rows.next()) {
    return std::nullopt;
  }
  return StudyFacts{.study = rows.integer(0),
                    .name = rows.text(1),
                    .text_hash = rows.text(2),
                    .resolved_json = rows.text(3),
                    .metric = rows.text(4),
                    .is_maximized = rows.integer(5) != 0};
}

std::vector<std::string> LedgerReader::study_names() const {
  std::vector<std::string> names;
  Rows rows = database_->prepared("SELECT name FROM newest_studies ORDER BY name").query();
  while (rows.next()) {
    names.push_back(rows.text(0));
  }
  return names;
}

std::vector<TrialFacts> LedgerReader::trials(StudyId study) const {
  return read_trials(database_
                         ->prepared("SELECT t.id, t.key, t.state, t.outcome, t.seed, t.parameters,"
                                    "   (SELECT count(*) FROM attempts a WHERE a.trial = t.id),"
                                    "   l.position, l.stage, l.configuration"
                                    " FROM study_trials l JOIN trials t ON t.id = l.trial"
                                    " WHERE l.study = ?1 ORDER BY l.position, t.key")
                         .query(study));
}

std::vector<TrialFacts> LedgerReader::trials(StudyId study, TrialState state) const {
  return read_trials(
      database_
          ->prepared("SELECT t.id, t.key, t.state, t.outcome, t.seed, t.parameters,"
                     "   (SELECT count(*) FROM attempts a WHERE a.trial = t.id),"
                     "   l.position, l.stage, l.configuration"
                     " FROM study_trials l JOIN trials t ON t.id = l.trial"
                     " WHERE l.study = ?1 AND t.state = ?2 ORDER BY l.position, t.key")
          .query(study, name_of(state)));
}

StateCounts LedgerReader::counts(StudyId study) const {
  StateCounts counts;
  Rows rows = database_
                  ->prepared(
                      "SELECT t.state, count(*), sum(t.outcome IS 'diverged')"
                      " FROM study_trials l JOIN trials t ON t.id = l.trial"
                      " WHERE l.study = ?1 GROUP BY t.state")
                  .query(study);
  while (rows.next()) {
    const TrialState state = parse_trial_state(rows.text(0));
    counts.by_state.at(static_cast<std::size_t>(state)) = rows.integer(1);
    counts.planned += rows.integer(1);
    counts.diverged += rows.integer(2);
  }
  return counts;
}

std::optional<TrialId> LedgerReader::find_trial(std::string_view key) const {
  return database_->prepared("SELECT id FROM trials WHERE key = ?1").find_integer(key);
}

TrialFacts LedgerReader::pick_run(std::string_view prefix) const {
  std::vector<TrialFacts> found;
  if (!prefix.empty() && is_hex(prefix)) {
    // 'g' sorts behind every hex digit, so the range holds just the keys that begin so.
    found = read_trials(
        database_
            ->prepared("SELECT id, key, state, outcome, seed, parameters,"
                       "   (SELECT count(*) FROM attempts a WHERE a.trial = t.id), 0, 0, 0"
                       " FROM trials t WHERE key >= ?1 AND key < ?1 || 'g' ORDER BY key LIMIT ?2")
            .query(prefix, kNamedCandidates + 1));
  }
  if (found.size() != 1) {
    refuse_prefix(*database_, prefix, found);
  }
  return found.front();
}

// A trial's objective is the best value of what its studies aim at, kept up with every epoch. A
// selection asks this of every candidate: their epochs are nearly all there are.
std::optional<TrialBest> LedgerReader::best(std::string_view key, const Aim& aim) const {
  Rows rows = database_
                  ->prepared(
                      "SELECT t.id, t.state, t.outcome, t.objective, EXISTS (SELECT 1"
                      "   FROM study_trials l JOIN studies s ON s.id = l.study WHERE l.trial = t.id"
                      "   AND (s.metric <> ?2 OR (s.goal = 'maximize') <> ?3))"
                      " FROM trials t WHERE t.key = ?1")
                  .query(key, aim.metric, aim.is_maximized);
  if (!rows.next()) {
    return std::nullopt;
  }
  TrialBest best{.state = parse_trial_state(rows.text(1)), .outcome = read_outcome(rows, 2)};
  const bool has_other_aim = rows.integer(4) != 0;
  best.best = has_other_aim ? best_of_epochs(rows.integer(0), aim) : rows.maybe_real(3);
  return best;
}

std::optional<double> LedgerReader::best_of_epochs(TrialId trial, const Aim& aim) const {
  Rows rows = database_
                  ->prepared(
                      "SELECT CASE WHEN ?3 THEN max(m.value) ELSE min(m.value) END FROM metrics m"
                      " WHERE m.trial = ?1 AND m.name = (SELECT id FROM names WHERE name = ?2)")
                  .query(trial, aim.metric, aim.is_maximized);
  return rows.next() ? rows.maybe_real(0) : std::nullopt;
}

std::vector<AttemptFacts> LedgerReader::attempts(TrialId trial) const {
  return read_attempts(
      database_->prepared(std::string(kAttemptColumns) + " WHERE a.trial = ?1 ORDER BY a.number")
          .query(trial));
}

std::vector<AttemptFacts> LedgerReader::unfinished_attempts() const {
  return read_attempts(
      database_->prepared(std::string(kAttemptColumns) + " WHERE a.state = 'running' ORDER BY a.id")
          .query());
}

std::vector<RemovedFile> LedgerReader::removed_files() const {
  std::vector<RemovedFile> files;
  Rows rows = database_
                  ->prepared(
                      "SELECT a.uid, f.file FROM artifacts f JOIN attempts a ON a.id = f.attempt"
                      " WHERE f.is_removed")
                  .query();
  while (rows.next()) {
    files.push_back({.uid = rows.text(0), .file = rows.text(1)});
  }
  return files;
}

}  // namespace glimpse::storage
