#include "launcher/schedule/failure_rule.h"

namespace glimpse::launcher {

FailureVerdict judge_failure(const FailedAttempt& attempt, int failures, int most) {
  const experiments::RetryRule rule = experiments::fault_row(attempt.fault).retry;
  const int before = attempt.has_checkpoint ? 0 : failures;
  if (rule == experiments::RetryRule::kUnlessAlone) {
    return {.is_retried = attempt.shared_slot, .failures = before};
  }
  const int counted = attempt.has_checkpoint ? 0 : before + 1;
  const bool may_retry = rule != experiments::RetryRule::kNever;
  return {.is_retried = may_retry && counted < most, .failures = counted};
}

}  // namespace glimpse::launcher
