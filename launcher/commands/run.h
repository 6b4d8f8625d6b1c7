#pragma once

// `glimpse run`: everything from a study to its results, on this machine or, started by mpirun or
// srun, on several. Run again, it does what is left.

#include "launcher/env.h"
#include "launcher/run/run_options.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {

int run(const RunOptions& options, Env& env);

// The same for other verbs, without printing the cells.
struct RunEnd {
  int code = 0;
  bool is_lead = true;  // the other ranks have nothing to say
};
RunEnd run_study(const RunOptions& options, const LoadedStudy& loaded, Env& env);

}  // namespace glimpse::launcher
