#pragma once

// The processor as a measurement wants it: one core, and a clock of what was used of it.

#include "worker/step_bench.h"

namespace glimpse::worker {

// This thread, and what it starts from now on, stays on the core that it is on. Where that is not
// allowed, nothing happens.
void stay_on_this_core();

// Of this process with all its threads.
Spent spent_so_far();

}  // namespace glimpse::worker
