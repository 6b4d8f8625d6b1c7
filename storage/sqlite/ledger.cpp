#include "storage/sqlite/ledger.h"

#include <algorithm>
#include <limits>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

std::int64_t checked_seed(const Database& database, std::uint64_t seed) {
  if (seed > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw StorageError(StorageFault::kRefused,
                       database.path(),
                       "plan trials: seed " + std::to_string(seed) +
                           " does not fit into the database (use one below 2^63)");
  }
  return static_cast<std::int64_t>(seed);
}

// The id of the key's trial, which is inserted when it is new.
TrialId insert_trial(Database& database, const PlannedTrialEntry& trial, PlanOutcome& outcome) {
  database
      .prepared(
          "INSERT INTO trials (key, kind, code, dataset, seed, arm, world_size, parameters)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (key) DO NOTHING")
      .execute(trial.key,
               trial.kind,
               trial.code,
               trial.dataset,
               checked_seed(database, trial.seed),
               trial.arm,
               trial.world_size,
               trial.parameters_json);
  if (database.changed_rows() != 0) {
    ++outcome.inserted;
    return database.last_insert_id();
  }
  ++outcome.linked;
  return database.prepared("SELECT id FROM trials WHERE key = ?1").get_integer(trial.key);
}

[[noreturn]] void refuse(const Database& database, const std::string& what) {
  throw StorageError(StorageFault::kRefused, database.path(), what);
}

}  // namespace

// Starts of studies are kept in order even where the clock goes back: the first study of a trial
// decides what its objective is.
StudyId Ledger::add_study(const StudyEntry& study, std::int64_t now_ms) {
  return database_
      ->prepared(
          "INSERT INTO studies (name, text_hash, resolved, metric, goal, created_ms, used_ms)"
          " VALUES (?1, ?2, ?3, ?4, ?5,"
          "   (SELECT max(?6, coalesce(max(created_ms) + 1, ?6)) FROM studies),"
          "   (SELECT max(?6, coalesce(max(used_ms) + 1, ?6)) FROM studies))"
          " ON CONFLICT (name, text_hash) DO UPDATE SET"
          "   resolved = excluded.resolved, used_ms = excluded.used_ms"
          " RETURNING id")
      .get_integer(study.name,
                   study.text_hash,
                   study.resolved_json,
                   study.metric,
                   study.is_maximized ? "maximize" : "minimize",
                   now_ms);
}

PlanOutcome Ledger::add_plan(const StudyEntry& study,
                             std::span<const PlannedTrialEntry> trials,
                             std::int64_t now_ms) {
  Transaction transaction(*database_);
  PlanOutcome outcome;
  outcome.study = add_study(study, now_ms);
  std::int64_t position =
      database_
          ->prepared("SELECT coalesce(max(position) + 1, 0) FROM study_trials WHERE study = ?1")
          .get_integer(outcome.study);
  Statement& link = database_->prepared(
      "INSERT INTO study_trials (study, trial, position, stage, configuration)"
      " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
  for (const PlannedTrialEntry& trial : trials) {
    const TrialId id = insert_trial(*database_, trial, outcome);
    link.execute(outcome.study, id, position++, trial.stage, trial.configuration);
  }
  transaction.commit();
  return outcome;
}

StartedAttempt Ledger::start_attempt(TrialId trial,
                                     const AttemptPlace& place,
                                     std::int64_t now_ms) {
  Transaction transaction(*database_);
  move_trial(trial, "running", "pending");
  StartedAttempt started;
  std::int64_t started_ms = now_ms;
  {
    Rows rows = database_
                    ->prepared(
                        "SELECT coalesce(max(number), 0) + 1, coalesce(max(started_ms) + 1, ?2)"
                        " FROM attempts WHERE trial = ?1")
                    .query(trial, now_ms);
    rows.next();
    started.number = rows.integer(0);
    started_ms = std::max(started_ms, rows.integer(1));
  }
  database_
      ->prepared(
          "INSERT INTO attempts (trial, number, node, slot, started_ms)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .execute(trial, started.number, std::string_view(place.node), place.slot, started_ms);
  started.attempt = database_->last_insert_id();
  transaction.commit();
  return started;
}

void Ledger::end_attempt(AttemptId attempt, const AttemptEnd& end, std::int64_t now_ms) {
  Transaction transaction(*database_);
  const bool is_failed = end.state == AttemptState::kFailed;
  const std::optional<TrialId> trial =
      database_
          ->prepared(
              "UPDATE attempts SET state = ?2, class = ?3, message = ?4,"
              "   ended_ms = max(?5, started_ms)"
              " WHERE id = ?1 AND state = 'running' RETURNING trial")
          .find_integer(attempt,
                        name_of(end.state),
                        is_failed ? std::optional<std::string_view>(end.fault_class) : std::nullopt,
                        std::string_view(end.message),
                        now_ms);
  if (!trial) {
    refuse(*database_,
           "end attempt " + std::to_string(attempt) + ": it is unknown or has ended already");
  }
  database_
      ->prepared(
          "UPDATE trials SET state = 'pending' WHERE id = ?1 AND state = 'running' AND NOT EXISTS"
          " (SELECT 1 FROM attempts WHERE trial = ?1 AND state = 'running')")
      .execute(*trial);
  transaction.commit();
}

void Ledger::fail_trial(TrialId trial) {
  move_trial(trial, "failed", "pending");
}

void Ledger::cancel_trial(TrialId trial) {
  move_trial(trial, "cancelled", "pending");
}

void Ledger::requeue_trial(TrialId trial) {
  Transaction transaction(*database_);
  move_trial(trial, "pending", "failed", "cancelled");
  database_->prepared("UPDATE trials SET requeues = requeues + 1 WHERE id = ?1").execute(trial);
  // They were lost because the trial had ended; from now on because this was said.
  database_->prepared("UPDATE attempts SET is_presumed_lost = 0 WHERE trial = ?1").execute(trial);
  transaction.commit();
}

void Ledger::move_trial(TrialId trial,
                        std::string_view to,
                        std::string_view from,
                        std::optional<std::string_view> or_from) {
  database_->prepared("UPDATE trials SET state = ?2 WHERE id = ?1 AND state IN (?3, ?4)")
      .execute(trial, to, from, or_from);
  if (database_->changed_rows() == 0) {
    refuse(*database_,
           "make trial " + std::to_string(trial) + " " + std::string(to) +
               ": it is unknown or not " + std::string(from) +
               (or_from ? " or " + std::string(*or_from) : ""));
  }
}

void Ledger::add_artifact(AttemptId attempt, const Artifact& artifact) {
  database_
      ->prepared(
          "INSERT INTO artifacts (attempt, kind, file, bytes, xxh3, step, epoch)"
          " VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), ?6, ?7) ON CONFLICT DO NOTHING")
      .execute(attempt,
               std::string_view(artifact.kind),
               std::string_view(artifact.file),
               artifact.bytes,
               std::string_view(artifact.xxh3),
               artifact.step,
               artifact.epoch);
}

void Ledger::remove_artifact(AttemptId attempt, std::string_view file) {
  database_->prepared("UPDATE artifacts SET is_removed = 1 WHERE attempt = ?1 AND file = ?2")
      .execute(attempt, file);
}

void Ledger::add_event(const Event& event) {
  database_
      ->prepared(
          "INSERT INTO events (t_ms, trial, attempt, kind, detail) VALUES (?1, ?2, ?3, ?4, ?5)")
      .execute(event.t_ms,
               event.trial,
               event.attempt,
               std::string_view(event.kind),
               std::string_view(event.detail_json));
}

}  // namespace glimpse::storage
