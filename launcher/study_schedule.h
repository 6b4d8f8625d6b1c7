#pragma once

// A study as the scheduler sees it: what it allows, and what one of its trials asks for. A real run
// and a rehearsal both ask here, so that they decide alike. Pure.

#include "experiments/plan/plan.h"
#include "experiments/study.h"
#include "launcher/schedule/scheduler.h"

namespace glimpse::launcher {

// `device_s_used`: by earlier runs of the study.
StudyRules schedule_rules(const experiments::Study& study, double device_s_used);

// A slot is a GPU where the study asks for GPUs, else a core. What has happened to
// the trial before is the caller's to add.
TrialDemand schedule_demand(const experiments::Study& study,
                            const experiments::PlannedTrial& trial,
                            double expected_s);

}  // namespace glimpse::launcher
