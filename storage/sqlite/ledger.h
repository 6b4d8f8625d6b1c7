#pragma once

// The plan and what became of it: studies, trials and attempts, and every change of their states.
// This is the only code that changes a state, apart from `Ingest`, which ends attempts by their
// records. Each function is one transaction, or part of the caller's. Same thread as its Database.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/sqlite/rows.h"

namespace glimpse::storage {

class Database;

// One text of a study, as resolved by the caller.
struct StudyEntry {
  std::string name = {};
  std::string text_hash = {};  // first 32 hex digits of the SHA-256 of the text as given
  std::string resolved_json = {};
  std::string metric = "valid_error";
  bool is_maximized = false;
};

// A trial as the plan names it. Views point into the caller's plan.
struct PlannedTrialEntry {
  std::string_view key = {};  // 64 hex digits
  std::string_view kind = "train";
  std::string_view code = {};
  std::string_view dataset = {};
  std::string_view arm = {};
  std::string_view parameters_json =
      {};  // canonical text, without the seed: equal text, equal cell
  std::uint64_t seed = 1;
  int world_size = 1;
  int stage = 1;
  std::uint32_t configuration = 0;
};

struct PlanOutcome {
  StudyId study = 0;
  std::size_t inserted = 0;  // new keys
  std::size_t linked = 0;    // keys known before, from this study or another
};

struct AttemptPlace {
  std::string node = {};
  int slot = 0;
};

struct StartedAttempt {
  AttemptId attempt = 0;
  std::int64_t number = 0;
};

struct AttemptEnd {
  AttemptState state = AttemptState::kLost;
  std::string fault_class = {};  // of kFailed only
  std::string message = {};
};

struct Artifact {
  std::string kind = {};  // "checkpoint" or "crops"
  std::string file = {};  // name in the attempt's folder
  std::optional<std::int64_t> bytes = {};
  std::string xxh3 = {};  // 16 hex digits, or ""
  std::optional<std::int64_t> step = {};
  std::optional<std::int64_t> epoch = {};
};

class Ledger {
 public:
  explicit Ledger(Database& database) : database_(&database) {}

  // Adds what is new and links what is known. Positions follow the span, after those the study has.
  PlanOutcome add_plan(const StudyEntry& study,
                       std::span<const PlannedTrialEntry> trials,
                       std::int64_t now_ms);

  // Of a pending trial; its number is one more than the last attempt's. The start is moved past
  // that of the last attempt where the clock went back, so numbers and starts have one order.
  StartedAttempt start_attempt(TrialId trial, const AttemptPlace& place, std::int64_t now_ms);
  // Ends a running attempt that wrote no end of its own. The trial is pending again.
  void end_attempt(AttemptId attempt, const AttemptEnd& end, std::int64_t now_ms);

  // A pending trial is given up, or a failed or cancelled one taken up again. Anything else is
  // refused.
  void fail_trial(TrialId trial);
  void cancel_trial(TrialId trial);
  void requeue_trial(TrialId trial);

  void add_artifact(AttemptId attempt, const Artifact& artifact);
  // It stays known as removed.
  void remove_artifact(AttemptId attempt, std::string_view file);
  void add_event(const Event& event);

 private:
  StudyId add_study(const StudyEntry& study, std::int64_t now_ms);
  void move_trial(TrialId trial,
                  std::string_view to,
                  std::string_view from,
                  std::optional<std::string_view> or_from = std::nullopt);

  Database* database_;
};

}  // namespace glimpse::storage
