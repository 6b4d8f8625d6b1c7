#include "storage/sqlite/ingest.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr std::int64_t kMaxEpoch = 1'000'000'000;
constexpr std::size_t kMaxNameBytes = 256;

// SQL has no NaN, and JSON neither: what is not finite is kept as NULL. Adding zero makes -0 a 0,
// whose sign the file would not keep.
std::optional<double> as_stored(double value) {
  return std::isfinite(value) ? std::optional(value + 0.0) : std::nullopt;
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kMaxNameBytes && text.find('\0') == std::string::npos;
}

bool are_names(const std::vector<NamedValue>& values) {
  return std::all_of(
      values.begin(), values.end(), [](const NamedValue& value) { return is_name(value.name); });
}

bool is_epoch(std::int64_t epoch) {
  return epoch >= 1 && epoch <= kMaxEpoch;
}

bool is_valid(const EpochRecord& record) {
  return is_epoch(record.epoch) && are_names(record.metrics) && are_names(record.timings);
}

bool is_valid(const FinishedRecord& record) {
  return (!record.best_epoch || is_epoch(*record.best_epoch)) && are_names(record.metrics);
}

bool is_valid(const CheckpointRecord& record) {
  return is_name(record.file) && record.file.find('/') == std::string::npos && record.step >= 0 &&
         record.epoch >= 0;
}

bool is_valid(const FailedRecord& record) {
  return is_name(record.fault_class);
}

bool is_valid(const HelloRecord& record) {
  return is_name(record.environment_hash);
}

template <class Other>
bool is_valid(const Other& /*unused*/) {
  return true;
}

bool is_json(Database& database, const std::string& text) {
  return database.prepared("SELECT json_valid(?1)").find_integer(std::string_view(text)) == 1;
}

bool is_last_metric(std::string_view name) {
  return name.ends_with("_last");
}

}  // namespace

IngestResult Ingest::ingest(AttemptId attempt,
                            std::int64_t number,
                            std::int64_t t_ms,
                            const Record& record) {
  Transaction transaction(*database_);
  const IngestResult result = ingest_in_transaction(attempt, number, t_ms, record);
  transaction.commit();
  return result;
}

std::vector<IngestResult> Ingest::ingest(std::span<const NumberedRecord> batch) {
  Transaction transaction(*database_);
  std::vector<IngestResult> results;
  results.reserve(batch.size());
  for (const NumberedRecord& entry : batch) {
    results.push_back(ingest_in_transaction(entry.attempt, entry.number, entry.t_ms, entry.record));
  }
  transaction.commit();
  return results;
}

IngestResult Ingest::ingest_in_transaction(AttemptId attempt,
                                           std::int64_t number,
                                           std::int64_t t_ms,
                                           const Record& record) {
  forget_after_rollback();
  std::int64_t taken = 0;
  bool is_current = false;
  {
    Rows rows = database_
                    ->prepared(
                        "SELECT records_taken, state = 'running' AND number ="
                        "   (SELECT max(number) FROM attempts o WHERE o.trial = a.trial)"
                        " FROM attempts a WHERE id = ?1")
                    .query(attempt);
    if (!rows.next()) {
      return IngestResult::kStale;
    }
    taken = rows.integer(0);
    is_current = rows.integer(1) != 0;
  }
  if (number >= 1 && number <= taken) {
    return IngestResult::kRepeated;
  }
  if (!is_current) {
    return IngestResult::kStale;
  }
  if (number != taken + 1) {
    return IngestResult::kGap;
  }
  return take({.attempt = attempt, .number = number, .t_ms = t_ms, .facts = load_attempt(attempt)},
              record);
}

IngestResult Ingest::take(const Position& at, const Record& record) {
  const bool is_good = std::visit([](const auto& body) { return is_valid(body); }, record);
  const auto* hello = std::get_if<HelloRecord>(&record);
  if (!is_good || (hello != nullptr && !is_json(*database_, hello->environment_json))) {
    return IngestResult::kInvalid;
  }
  database_->prepared("UPDATE attempts SET records_taken = ?2 WHERE id = ?1")
      .execute(at.attempt, at.number);
  std::visit([&](const auto& body) { store(at, body); }, record);
  return IngestResult::kTaken;
}

// Ids that a rolled back transaction gave out may be given to something else.
void Ingest::forget_after_rollback() {
  if (rollbacks_seen_ != database_->rollbacks()) {
    names_.clear();
    attempts_.clear();
    rollbacks_seen_ = database_->rollbacks();
  }
}

const Ingest::Attempt& Ingest::load_attempt(AttemptId attempt) {
  const auto found = attempts_.find(attempt);
  if (found != attempts_.end()) {
    return found->second;
  }
  Attempt facts;
  std::string metric;
  {
    // The study that planned the trial first says what its objective is. SQLite would make the
    // whole of the view trial_studies for each attempt, so its tables are named here.
    Rows rows = database_
                    ->prepared(
                        "SELECT a.trial, s.metric, s.goal = 'maximize' FROM attempts a"
                        " LEFT JOIN study_trials l ON l.trial = a.trial"
                        " LEFT JOIN studies s ON s.id = l.study WHERE a.id = ?1"
                        " ORDER BY s.created_ms, s.name, s.text_hash LIMIT 1")
                    .query(attempt);
    rows.next();
    facts.trial = rows.integer(0);
    metric = rows.text(1);
    facts.is_maximized = rows.integer(2) != 0;
  }
  facts.objective_name = metric.empty() ? 0 : name_id(metric);
  return attempts_[attempt] = facts;
}

std::int64_t Ingest::name_id(const std::string& name) {
  const auto found = names_.find(name);
  if (found != names_.end()) {
    return found->second;
  }
  database_->prepared("INSERT INTO names (name) VALUES (?1) ON CONFLICT DO NOTHING")
      .execute(std::string_view(name));
  const std::int64_t id = database_->prepared("SELECT id FROM names WHERE name = ?1")
                              .get_integer(std::string_view(name));
  names_.emplace(name, id);
  return id;
}

void Ingest::store(const Position& at, const HelloRecord& record) {
  database_
      ->prepared("INSERT INTO environments (hash, json) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
      .execute(std::string_view(record.environment_hash),
               std::string_view(record.environment_json));
  database_
      ->prepared(
          "UPDATE attempts SET environment = (SELECT id FROM environments WHERE hash = ?2)"
          " WHERE id = ?1")
      .execute(at.attempt, std::string_view(record.environment_hash));
}

void Ingest::store(const Position& /*at*/, const StartedRecord& /*record*/) {}

void Ingest::store(const Position& /*at*/, const ProgressRecord& /*record*/) {}

void Ingest::store(const Position& at, const EpochRecord& record) {
  for (const NamedValue& metric : record.metrics) {
    store_metric(at, record.epoch, metric);
  }
  check_weights(at, record);
  database_->prepared("INSERT INTO epochs VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
      .execute(at.attempt, record.epoch, at.t_ms, std::string_view(record.weights_hash));
  Statement& insert =
      database_->prepared("INSERT INTO timings VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
  for (const NamedValue& timing : record.timings) {
    insert.execute(at.attempt, record.epoch, name_id(timing.name), as_stored(timing.value));
  }
}

void Ingest::store_metric(const Position& at, std::int64_t epoch, const NamedValue& metric) {
  const std::int64_t name = name_id(metric.name);
  const std::optional<double> value = as_stored(metric.value);
  database_->prepared("INSERT INTO metrics VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
      .execute(at.facts.trial, epoch, name, value);
  if (database_->changed_rows() == 0) {
    report_other_value(at, epoch, metric);
  } else if (name == at.facts.objective_name && value) {
    improve_objective(at, epoch, *value);
  }
}

// The first value stays. The same value again is what a resumed attempt is expected to bring. The
// numbers are printed here, as json_object() alone would round them to 15 digits.
void Ingest::report_other_value(const Position& at, std::int64_t epoch, const NamedValue& metric) {
  database_
      ->prepared(
          "INSERT INTO events (uid, t_ms, trial, attempt, kind, detail)"
          " SELECT (SELECT uid FROM attempts WHERE id = ?2) || '-' || ?3 || '-' || ?5 || '-' || ?7,"
          "   ?4, ?1, ?2, 'nondeterminism',"
          "   json_object('epoch', ?5, 'name', ?7,"
          "     'kept', json(CASE WHEN m.value IS NULL THEN 'null'"
          "       ELSE printf('%!.17g', m.value) END),"
          "     'reported', json(CASE WHEN ?8 IS NULL THEN 'null' ELSE printf('%!.17g', ?8) END))"
          " FROM metrics m WHERE m.trial = ?1 AND m.epoch = ?5 AND m.name = ?6 AND m.value IS NOT "
          "?8"
          " ON CONFLICT (uid) DO NOTHING")
      .execute(at.facts.trial,
               at.attempt,
               at.number,
               at.t_ms,
               epoch,
               name_id(metric.name),
               std::string_view(metric.name),
               as_stored(metric.value));
}

// Equal metrics can hide different weights; the hash cannot.
void Ingest::check_weights(const Position& at, const EpochRecord& record) {
  if (record.weights_hash.empty()) {
    return;
  }
  database_
      ->prepared(
          "INSERT INTO events (uid, t_ms, trial, attempt, kind, detail)"
          " SELECT (SELECT uid FROM attempts WHERE id = ?2) || '-' || ?3 || '-weights', ?4, ?1, ?2,"
          "   'nondeterminism', json_object('epoch', ?5, 'name', 'weights_hash',"
          "     'kept', e.weights_hash, 'reported', ?6)"
          " FROM attempts a JOIN epochs e ON e.attempt = a.id AND e.epoch = ?5"
          " WHERE a.trial = ?1 AND e.weights_hash NOT IN ('', ?6) ORDER BY a.number LIMIT 1")
      .execute(at.facts.trial,
               at.attempt,
               at.number,
               at.t_ms,
               record.epoch,
               std::string_view(record.weights_hash));
}

void Ingest::improve_objective(const Position& at, std::int64_t epoch, double value) {
  database_
      ->prepared(
          "UPDATE trials SET objective = ?2, best_epoch = ?3 WHERE id = ?1"
          " AND (objective IS NULL OR CASE WHEN ?4 THEN ?2 > objective ELSE ?2 < objective END"
          "   OR (?2 = objective AND ?3 < best_epoch))")
      .execute(at.facts.trial, value, epoch, at.facts.is_maximized);
}

void Ingest::store(const Position& at, const CheckpointRecord& record) {
  database_
      ->prepared(
          "INSERT INTO artifacts (attempt, kind, file, bytes, xxh3, step, epoch)"
          " VALUES (?1, 'checkpoint', ?2, ?3, nullif(?4, ''), ?5, ?6) ON CONFLICT DO NOTHING")
      .execute(at.attempt,
               std::string_view(record.file),
               record.bytes,
               std::string_view(record.xxh3),
               record.step,
               record.epoch);
  database_->prepared("UPDATE attempts SET checkpoints = checkpoints + 1 WHERE id = ?1")
      .execute(at.attempt);
}

void Ingest::store(const Position& at, const FinishedRecord& record) {
  const std::int64_t best = record.best_epoch ? *record.best_epoch : best_epoch_of(at.facts.trial);
  const bool needs_last = std::ranges::any_of(
      record.metrics, [](const NamedValue& metric) { return is_last_metric(metric.name); });
  const std::int64_t last = needs_last ? last_epoch_of(at.facts.trial) : 0;
  for (const NamedValue& metric : record.metrics) {
    store_metric(at, is_last_metric(metric.name) ? last : best, metric);
  }
  end_attempt(at, AttemptState::kFinished, "", "");
  // A diverged trial is a result, but never the best one.
  database_
      ->prepared(
          "UPDATE trials SET state = 'done', outcome = ?2, best_epoch = ?3,"
          " objective = CASE ?2 WHEN 'diverged' THEN NULL ELSE objective END WHERE id = ?1")
      .execute(at.facts.trial, name_of(record.outcome), best);
}

std::int64_t Ingest::last_epoch_of(TrialId trial) {
  return database_->prepared("SELECT coalesce(max(epoch), 1) FROM metrics WHERE trial = ?1")
      .get_integer(trial);
}

std::int64_t Ingest::best_epoch_of(TrialId trial) {
  const auto best =
      database_->prepared("SELECT best_epoch FROM trials WHERE id = ?1").find_integer(trial);
  return best ? *best : last_epoch_of(trial);
}

void Ingest::store(const Position& at, const StoppedRecord& /*record*/) {
  end(at, AttemptState::kStopped, "", "");
}

void Ingest::store(const Position& at, const PreemptedRecord& record) {
  end(at, AttemptState::kPreempted, "", record.message);
}

void Ingest::store(const Position& at, const FailedRecord& record) {
  end(at, AttemptState::kFailed, record.fault_class, record.message);
}

// Whether a failed trial is tried again is the scheduler's to say: it is pending until then.
void Ingest::end(const Position& at,
                 AttemptState state,
                 const std::string& fault_class,
                 const std::string& message) {
  end_attempt(at, state, fault_class, message);
  database_
      ->prepared(
          "UPDATE trials SET state = 'pending' WHERE id = ?1 AND state = 'running' AND NOT EXISTS"
          " (SELECT 1 FROM attempts WHERE trial = ?1 AND state = 'running')")
      .execute(at.facts.trial);
}

void Ingest::end_attempt(const Position& at,
                         AttemptState state,
                         const std::string& fault_class,
                         const std::string& message) {
  database_
      ->prepared(
          "UPDATE attempts SET state = ?2, class = nullif(?3, ''), message = ?4,"
          " ended_ms = max(?5, started_ms) WHERE id = ?1")
      .execute(at.attempt,
               name_of(state),
               std::string_view(fault_class),
               std::string_view(message),
               at.t_ms);
}

}  // namespace glimpse::storage
