#pragma once

// What is left of a plan, played through the scheduler on nodes that need not exist. Reads only.

#include <cstddef>
#include <string>
#include <vector>

#include "launcher/plan_view.h"
#include "launcher/schedule/rehearsal.h"
#include "launcher/schedule/timeline_svg.h"
#include "launcher/settings.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {

struct RehearsalStage {
  int nodes = 1;
  int slots = 1;           // of each node
  double flops_per_s = 0;  // of a slot, where nothing is recorded
};

struct PlanRehearsal {
  RehearsalStage stage;
  RehearsalResult result;
  std::size_t recorded = 0;   // trials that take what their configuration took, in the median
  std::size_t estimated = 0;  // trials whose time follows from their FLOPs
};

// Trials of cells that no result has decided yet follow their candidates and take as long as those
// on average. Throws UsageError where nothing tells how long a trial takes.
PlanRehearsal rehearse_plan(const LoadedStudy& loaded,
                            const PlanView& view,
                            const RehearsalStage& stage,
                            const Settings& settings);

Timeline make_timeline(const LoadedStudy& loaded,
                       const PlanView& view,
                       const PlanRehearsal& rehearsal);

}  // namespace glimpse::launcher
