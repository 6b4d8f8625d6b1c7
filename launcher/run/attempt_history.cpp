#include "launcher/run/attempt_history.h"

#include <ranges>

#include "experiments/faults.h"
#include "launcher/schedule/failure_rule.h"

namespace glimpse::launcher {

// An older attempt with a checkpoint ends the row of failures.
int failures_in_a_row(std::span<const storage::AttemptFacts> attempts) {
  int failures = 0;
  for (const storage::AttemptFacts& attempt : attempts | std::views::reverse) {
    if (attempt.checkpoints > 0 || attempt.state == storage::AttemptState::kFinished) {
      break;
    }
    failures += attempt.state == storage::AttemptState::kFailed ? 1 : 0;
  }
  return failures;
}

bool has_failed_for_good(std::span<const storage::AttemptFacts> attempts, int most) {
  if (attempts.empty() || attempts.back().state != storage::AttemptState::kFailed) {
    return false;
  }
  const storage::AttemptFacts& last = attempts.back();
  const experiments::FaultRow* const row = experiments::find_fault(last.fault_class);
  const FailedAttempt failed{
      .fault = row == nullptr ? experiments::FaultClass::kExitCode : row->fault,
      .shared_slot = false,
      .has_checkpoint = last.checkpoints > 0};
  const int before = failures_in_a_row(attempts.first(attempts.size() - 1));
  return !judge_failure(failed, before, most).is_retried;
}

}  // namespace glimpse::launcher
