#pragma once

// `glimpse plan --rehearse`: how long the rest of a study would take on given nodes.

#include "launcher/commands/plan.h"
#include "launcher/plan_view.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {

// `gflops`: what a slot does where nothing is recorded.
int plan_rehearse(const PlanOptions& options,
                  const LoadedStudy& loaded,
                  const PlanView& view,
                  double gflops,
                  Env& env);

}  // namespace glimpse::launcher
