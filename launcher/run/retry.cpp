#include "launcher/run/retry.h"

#include <ranges>

namespace glimpse::launcher {

bool is_retried(experiments::FaultClass fault,
                std::span<const storage::AttemptFacts> attempts,
                int most) {
  const experiments::RetryRule rule = experiments::fault_row(fault).retry;
  if (rule == experiments::RetryRule::kNever || rule == experiments::RetryRule::kUnlessAlone) {
    return false;
  }
  int failures = 0;
  for (const storage::AttemptFacts& attempt : attempts | std::views::reverse) {
    if (attempt.state == storage::AttemptState::kFailed && attempt.checkpoints == 0) {
      ++failures;
    } else if (attempt.checkpoints > 0 || attempt.state == storage::AttemptState::kFinished) {
      break;
    }
  }
  return failures < most;
}

}  // namespace glimpse::launcher
