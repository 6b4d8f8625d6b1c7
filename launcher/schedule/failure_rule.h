#pragma once

// Whether a failed trial is tried again. Pure.

#include "experiments/faults.h"

namespace glimpse::launcher {

struct FailedAttempt {
  experiments::FaultClass fault = experiments::FaultClass::kExitCode;
  bool shared_slot = false;     // at any time with another trial
  bool has_checkpoint = false;  // it wrote one
};

struct FailureVerdict {
  bool is_retried = false;
  int failures = 0;  // in a row without a new checkpoint, this one included if it counts
};

// `failures` are those before this attempt, `most` is the study's retry.max. What needed too much
// memory while it shared its slot says nothing about the trial alone, so it never counts.
FailureVerdict judge_failure(const FailedAttempt& attempt, int failures, int most);

}  // namespace glimpse::launcher
