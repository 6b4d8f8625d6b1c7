#include "storage/sqlite/journal_check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <type_traits>

namespace glimpse::storage {
namespace {

using Place = ValueRows::key_type;

std::string render(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

std::string render(std::int64_t value) {
  return std::to_string(value);
}

std::string render(const std::string& text) {
  return '"' + text + '"';
}

template <class Value>
std::string render(const std::optional<Value>& value) {
  return value ? render(*value) : "no value";
}

std::optional<double> as_stored(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// What is at most one of several values, since attempts may disagree: a merge keeps another one of
// them than an attempt that was run again.
using Told = std::map<Place, std::vector<std::optional<double>>>;

struct ToldAttempt {
  std::map<std::int64_t, EpochRow> epochs;
  std::map<Place, std::optional<double>> timings;
  std::map<std::string, ArtifactRow> artifacts;
  std::int64_t checkpoints = 0;
  std::optional<HelloRecord> hello;
  std::optional<Record> end;
  std::int64_t end_ms = 0;
};

class JournalCheck {
 public:
  JournalCheck(const RunRows& run, const RunJournals& journals) : run_(run), journals_(journals) {}

  std::vector<std::string> find();

 private:
  void check_attempt(const AttemptRows& rows, const std::vector<NumberedRecord>& records);
  void take(const EpochRecord& record, std::int64_t t_ms, ToldAttempt& attempt);
  void take(const CheckpointRecord& record, ToldAttempt& attempt);
  void take(const FinishedRecord& record);
  [[nodiscard]] std::optional<std::int64_t> best_so_far(const ObjectiveRow& objective) const;
  [[nodiscard]] std::int64_t last_so_far() const;
  void check_facts(const AttemptRows& rows, const ToldAttempt& told);
  void check_end(const AttemptRows& rows, const ToldAttempt& told);
  void check_epochs(const AttemptRows& rows, const ToldAttempt& told);
  void check_timings(const AttemptRows& rows, const ToldAttempt& told);
  void check_artifacts(const AttemptRows& rows, const ToldAttempt& told);
  void check_metrics();
  void check_outcome();
  void check_objective();
  [[nodiscard]] bool is_objective(const ObjectiveRow& objective) const;

  template <class Value>
  void compare(const std::string& where,
               const std::string& what,
               const Value& stored,
               const Value& told) {
    if (stored != told) {
      differ(where + what + " is " + render(stored) + ", but " + render(told) + " in the journal");
    }
  }
  void differ(const std::string& line) { lines_.push_back(line); }

  const RunRows& run_;
  const RunJournals& journals_;
  Told metrics_;
  std::set<Outcome> outcomes_;
  std::set<std::int64_t> best_epochs_;
  bool has_all_ = true;
  std::vector<std::string> lines_;
};

std::string in_attempt(const AttemptRows& rows) {
  return "attempt " + std::to_string(rows.number) + ": ";
}

std::string in_epoch(std::int64_t epoch) {
  return "epoch " + std::to_string(epoch) + ": ";
}

std::vector<std::string> JournalCheck::find() {
  for (const AttemptRows& rows : run_.attempts) {
    const auto journal = journals_.find(rows.number);
    if (journal != journals_.end()) {
      check_attempt(rows, journal->second);
    } else if (rows.records_taken > 0) {
      has_all_ = false;
    }
  }
  check_metrics();
  check_outcome();
  check_objective();
  return std::move(lines_);
}

// Later records wait to be taken, or were refused because the attempt counted as lost.
void JournalCheck::check_attempt(const AttemptRows& rows,
                                 const std::vector<NumberedRecord>& records) {
  ToldAttempt told;
  for (const NumberedRecord& entry : records) {
    if (entry.number > rows.records_taken) {
      break;
    }
    std::visit(
        [&](const auto& record) {
          using Body = std::decay_t<decltype(record)>;
          if constexpr (std::is_same_v<Body, EpochRecord>) {
            take(record, entry.t_ms, told);
          } else if constexpr (std::is_same_v<Body, CheckpointRecord>) {
            take(record, told);
          } else if constexpr (std::is_same_v<Body, HelloRecord>) {
            told.hello = record;
          } else if constexpr (!std::is_same_v<Body, StartedRecord> &&
                               !std::is_same_v<Body, ProgressRecord>) {
            told.end = record;
            told.end_ms = std::max(entry.t_ms, rows.started_ms);
          }
          if constexpr (std::is_same_v<Body, FinishedRecord>) {
            take(record);
          }
        },
        entry.record);
  }
  check_facts(rows, told);
  check_end(rows, told);
  check_epochs(rows, told);
  check_timings(rows, told);
  check_artifacts(rows, told);
}

void JournalCheck::take(const EpochRecord& record, std::int64_t t_ms, ToldAttempt& attempt) {
  for (const NamedValue& metric : record.metrics) {
    metrics_[{record.epoch, metric.name}].push_back(as_stored(metric.value));
  }
  attempt.epochs.try_emplace(record.epoch, EpochRow{t_ms, record.weights_hash});
  for (const NamedValue& timing : record.timings) {
    attempt.timings.try_emplace({record.epoch, timing.name}, as_stored(timing.value));
  }
}

void JournalCheck::take(const CheckpointRecord& record, ToldAttempt& attempt) {
  ++attempt.checkpoints;
  attempt.artifacts.try_emplace(
      record.file,
      ArtifactRow{
          .bytes = record.bytes, .xxh3 = record.xxh3, .step = record.step, .epoch = record.epoch});
}

// A trial's first study says what its objective is, and which one was the first may have changed
// since, when studies were merged or edited.
void JournalCheck::take(const FinishedRecord& record) {
  outcomes_.insert(record.outcome);
  std::set<std::int64_t> best;
  if (record.best_epoch) {
    best.insert(*record.best_epoch);
  } else {
    for (const ObjectiveRow& objective : run_.objectives) {
      best.insert(best_so_far(objective).value_or(last_so_far()));
    }
  }
  const std::int64_t last = last_so_far();
  const std::int64_t epoch = run_.best_epoch && best.contains(*run_.best_epoch) ? *run_.best_epoch
                             : best.empty()                                     ? last
                                                                                : *best.begin();
  for (const NamedValue& metric : record.metrics) {
    metrics_[{metric.name.ends_with("_last") ? last : epoch, metric.name}].push_back(
        as_stored(metric.value));
  }
  best_epochs_.merge(best);
}

std::optional<std::int64_t> JournalCheck::best_so_far(const ObjectiveRow& objective) const {
  std::optional<std::int64_t> epoch;
  double best = 0;
  for (const auto& [place, values] : metrics_) {
    const std::optional<double>& value = values.front();
    if (place.second == objective.metric && value &&
        (!epoch || (objective.is_maximized ? *value > best : *value < best))) {
      epoch = place.first;
      best = *value;
    }
  }
  return epoch;
}

std::int64_t JournalCheck::last_so_far() const {
  return metrics_.empty() ? 1 : metrics_.rbegin()->first.first;
}

void JournalCheck::check_facts(const AttemptRows& rows, const ToldAttempt& told) {
  compare(in_attempt(rows), "its number of checkpoints", rows.checkpoints, told.checkpoints);
  const HelloRecord hello = told.hello.value_or(HelloRecord{});
  compare(in_attempt(rows), "environment_hash", rows.environment_hash, hello.environment_hash);
  compare(in_attempt(rows), "environment", rows.environment_json, hello.environment_json);
}

struct ToldEnd {
  AttemptState state = AttemptState::kFinished;
  std::string fault_class = {};
  std::string message = {};
};

ToldEnd told_end(const Record& record) {
  if (const auto* const failed = std::get_if<FailedRecord>(&record)) {
    return {AttemptState::kFailed, failed->fault_class, failed->message};
  }
  if (const auto* const preempted = std::get_if<PreemptedRecord>(&record)) {
    return {AttemptState::kPreempted, "", preempted->message};
  }
  return {std::holds_alternative<StoppedRecord>(record) ? AttemptState::kStopped
                                                        : AttemptState::kFinished};
}

void JournalCheck::check_end(const AttemptRows& rows, const ToldAttempt& told) {
  const std::string where = in_attempt(rows);
  if (!told.end) {
    // These three come about without a record.
    if (rows.state != "running" && rows.state != "lost" && rows.state != "failed") {
      differ(where + "state is " + render(rows.state) + ", but nothing in the journal ends it");
    }
    return;
  }
  const ToldEnd end = told_end(*told.end);
  compare(where, "state", rows.state, std::string(name_of(end.state)));
  compare(where, "class", rows.fault_class, end.fault_class);
  compare(where, "message", rows.message, end.message);
  compare(where, "ended_ms", rows.ended_ms, std::optional(told.end_ms));
}

// Calls differ() for what is in one of two maps alone, and `both` with what is in both.
template <class Stored, class Expected, class Name, class Differ, class Both>
void walk(const Stored& stored,
          const Expected& told,
          const Name& name,
          const Differ& differ,
          const Both& both) {
  for (const auto& [key, value] : told) {
    const auto found = stored.find(key);
    if (found == stored.end()) {
      differ(name(key) + " is in the journal, but not in the database");
    } else {
      both(key, found->second, value);
    }
  }
  for (const auto& [key, value] : stored) {
    if (!told.contains(key)) {
      differ(name(key) + " is in the database, but not in the journal");
    }
  }
}

std::string name_place(const Place& place) {
  return in_epoch(place.first) + place.second;
}

void JournalCheck::check_epochs(const AttemptRows& rows, const ToldAttempt& told) {
  const std::string where = in_attempt(rows);
  walk(
      rows.epochs,
      told.epochs,
      [&](std::int64_t epoch) { return where + in_epoch(epoch) + "its row"; },
      [&](const std::string& line) { differ(line); },
      [&](std::int64_t epoch, const EpochRow& stored, const EpochRow& expected) {
        compare(where + in_epoch(epoch), "time_ms", stored.t_ms, expected.t_ms);
        compare(
            where + in_epoch(epoch), "weights_hash", stored.weights_hash, expected.weights_hash);
      });
}

void JournalCheck::check_timings(const AttemptRows& rows, const ToldAttempt& told) {
  const std::string where = in_attempt(rows);
  walk(
      rows.timings,
      told.timings,
      [&](const Place& place) { return where + name_place(place); },
      [&](const std::string& line) { differ(line); },
      [&](const Place& place,
          const std::optional<double>& stored,
          const std::optional<double>& expected) {
        compare(where, name_place(place), stored, expected);
      });
}

// Files that are in the database alone were added by other means than records.
void JournalCheck::check_artifacts(const AttemptRows& rows, const ToldAttempt& told) {
  for (const auto& [file, expected] : told.artifacts) {
    const std::string where = in_attempt(rows) + file + ": ";
    const auto found = rows.artifacts.find(file);
    if (found == rows.artifacts.end()) {
      differ(where + "is in the journal, but not in the database");
      continue;
    }
    compare(where, "bytes", found->second.bytes, expected.bytes);
    compare(where, "xxh3", found->second.xxh3, expected.xxh3);
    compare(where, "step", found->second.step, expected.step);
    compare(where, "epoch", found->second.epoch, expected.epoch);
  }
}

void JournalCheck::check_metrics() {
  for (const auto& [place, values] : metrics_) {
    const auto found = run_.metrics.find(place);
    if (found == run_.metrics.end()) {
      differ(name_place(place) + " is in the journal, but not in the database");
    } else if (std::ranges::find(values, found->second) == values.end()) {
      compare("", name_place(place), found->second, values.front());
    }
  }
  for (const auto& [place, value] : run_.metrics) {
    if (has_all_ && !metrics_.contains(place)) {
      differ(name_place(place) + " is in the database, but not in the journal");
    }
  }
}

void JournalCheck::check_outcome() {
  if (outcomes_.empty()) {
    if (has_all_ && run_.state == "done") {
      differ("state is \"done\", but no journal says that it finished");
    }
    return;
  }
  compare("", "state", run_.state, std::string(name_of(TrialState::kDone)));
  const auto is_it = [&](Outcome outcome) { return name_of(outcome) == run_.outcome; };
  if (has_all_ && std::ranges::none_of(outcomes_, is_it)) {
    compare("", "outcome", run_.outcome, std::string(name_of(*outcomes_.begin())));
  }
  if (has_all_ && !best_epochs_.empty() &&
      !(run_.best_epoch && best_epochs_.contains(*run_.best_epoch))) {
    compare("", "best_epoch", run_.best_epoch, std::optional(*best_epochs_.begin()));
  }
}

// Of the metrics as they are stored: those that differ from the journal have been named.
bool JournalCheck::is_objective(const ObjectiveRow& objective) const {
  std::optional<double> best;
  std::optional<std::int64_t> epoch;
  for (const auto& [place, value] : run_.metrics) {
    if (place.second == objective.metric && value &&
        (!best || (objective.is_maximized ? *value > *best : *value < *best))) {
      best = value;
      epoch = place.first;
    }
  }
  return best == run_.objective && (run_.state == "done" || epoch == run_.best_epoch);
}

void JournalCheck::check_objective() {
  if (run_.outcome == "diverged") {
    if (run_.objective) {
      differ("objective is " + render(run_.objective) + ", but a diverged run has none");
    }
    return;
  }
  const auto is_it = [&](const ObjectiveRow& objective) { return is_objective(objective); };
  if (!run_.objectives.empty() && std::ranges::none_of(run_.objectives, is_it)) {
    differ("objective is " + render(run_.objective) + " at epoch " + render(run_.best_epoch) +
           ", which is not the best value of " + run_.objectives.front().metric);
  }
}

}  // namespace

std::vector<std::string> find_differences(const RunRows& run, const RunJournals& journals) {
  return JournalCheck(run, journals).find();
}

}  // namespace glimpse::storage
