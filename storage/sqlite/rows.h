#pragma once

// The plain values that the database's functions take and give. Ids are dense row numbers and hold
// inside one database only; run ids, keys and uids hold everywhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace glimpse::storage {

using StudyId = std::int64_t;
using TrialId = std::int64_t;
using AttemptId = std::int64_t;

enum class TrialState { kPending, kRunning, kDone, kFailed, kCancelled };
enum class Outcome { kCompleted, kDiverged, kPruned };
enum class AttemptState { kRunning, kFinished, kFailed, kPreempted, kLost, kStopped };

// As the database spells them: "pending", "completed", "lost".
std::string_view name_of(TrialState state);
std::string_view name_of(Outcome outcome);
std::string_view name_of(AttemptState state);

// Throw StorageError (kDamaged) for other words.
TrialState parse_trial_state(std::string_view name);
Outcome parse_outcome(std::string_view name);
AttemptState parse_attempt_state(std::string_view name);

struct Event {
  std::string kind = {};
  std::string detail_json = "{}";
  std::optional<TrialId> trial = {};
  std::optional<AttemptId> attempt = {};
  std::int64_t t_ms = 0;
};

}  // namespace glimpse::storage
