#pragma once

// What the scheduler and the reading commands ask of the ledger. Works on a read-only connection
// too. Same thread as its Database.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/sqlite/rows.h"

namespace glimpse::storage {

class Database;

struct StudyFacts {
  StudyId study = 0;
  std::string name = {};
  std::string text_hash = {};
  std::string resolved_json = {};
  std::string metric = {};
  bool is_maximized = false;
};

struct TrialFacts {
  TrialId trial = 0;
  std::string key = {};
  TrialState state = TrialState::kPending;
  std::optional<Outcome> outcome = {};
  std::uint64_t seed = 1;
  std::string parameters_json = {};
  std::int64_t attempts = 0;
  // Of the study asked for; 0 when none was named.
  std::int64_t position = 0;
  int stage = 0;
  std::uint32_t configuration = 0;
};

struct StateCounts {
  std::array<std::int64_t, 5> by_state{};  // by TrialState
  std::int64_t planned = 0;
  std::int64_t diverged = 0;  // among the done ones

  [[nodiscard]] std::int64_t count(TrialState state) const {
    return by_state.at(static_cast<std::size_t>(state));
  }
};

// A metric, and which of its values is the best one.
struct Aim {
  std::string_view metric = {};
  bool is_maximized = false;
};

struct TrialBest {
  TrialState state = TrialState::kPending;
  std::optional<Outcome> outcome = {};
  std::optional<double> best = {};  // over all epochs; nothing where none was finite
  bool operator==(const TrialBest&) const = default;
};

struct AttemptFacts {
  AttemptId attempt = 0;
  TrialId trial = 0;
  std::string run_id = {};
  std::int64_t number = 0;
  AttemptState state = AttemptState::kRunning;
  std::string fault_class = {};
  std::string node = {};
  std::int64_t started_ms = 0;
  std::optional<std::int64_t> ended_ms = {};
  std::int64_t records_taken = 0;
  std::int64_t checkpoints = 0;  // how many it wrote: retries count failures without a new one
};

struct RemovedFile {
  std::string uid = {};  // of the attempt
  std::string file = {};
};

class LedgerReader {
 public:
  explicit LedgerReader(Database& database) : database_(&database) {}

  // The revision of this name that was planned last.
  [[nodiscard]] std::optional<StudyFacts> find_study(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> study_names() const;

  // In plan order.
  [[nodiscard]] std::vector<TrialFacts> trials(StudyId study) const;
  [[nodiscard]] std::vector<TrialFacts> trials(StudyId study, TrialState state) const;
  [[nodiscard]] StateCounts counts(StudyId study) const;

  [[nodiscard]] std::optional<TrialId> find_trial(std::string_view key) const;
  // A unique prefix of a run id or key. Throws StorageError: kMissing when no run begins so,
  // kRefused when several do (some are named).
  [[nodiscard]] TrialFacts pick_run(std::string_view prefix) const;
  // Reads epochs only where a study of the trial aims at something else.
  [[nodiscard]] std::optional<TrialBest> best(std::string_view key, const Aim& aim) const;

  [[nodiscard]] std::vector<AttemptFacts> attempts(TrialId trial) const;
  // Of every study: what a coordinator that starts has to ingest and then to end.
  [[nodiscard]] std::vector<AttemptFacts> unfinished_attempts() const;
  // What gc took away: no loss where it is missing, and not to be copied again.
  [[nodiscard]] std::vector<RemovedFile> removed_files() const;

 private:
  [[nodiscard]] std::optional<double> best_of_epochs(TrialId trial, const Aim& aim) const;

  Database* database_;
};

}  // namespace glimpse::storage
