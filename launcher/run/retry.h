#pragma once

// Whether a failed trial is tried again. Pure.

#include <span>

#include "experiments/faults.h"
#include "storage/sqlite/ledger_reader.h"

namespace glimpse::launcher {

// `attempts` are all of the trial, the failed one last. Failures in a row that brought no new
// checkpoint count against `most`; attempts that were stopped, preempted or lost never do. Every
// trial here has its device to itself, so one that needed too much memory is not tried again.
bool is_retried(experiments::FaultClass fault,
                std::span<const storage::AttemptFacts> attempts,
                int most);

}  // namespace glimpse::launcher
