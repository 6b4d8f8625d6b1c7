#pragma once

// `glimpse run`: everything from a study to its results, on this machine or, started by mpirun or
// srun, on several. Run again, it does what is left.

#include "launcher/env.h"
#include "launcher/run/run_options.h"

namespace glimpse::launcher {

int run(const RunOptions& options, Env& env);

}  // namespace glimpse::launcher
