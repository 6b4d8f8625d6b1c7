#include "launcher/study_schedule.h"

#include <algorithm>

namespace glimpse::launcher {

StudyRules schedule_rules(const experiments::Study& study, double device_s_used) {
  constexpr double kHour = 3600;
  StudyRules rules;
  rules.retry_max = study.retry_max;
  rules.stop_if = study.limits.stop_if;
  rules.wall_time_s = study.limits.wall_time_s;
  if (study.limits.device_hours) {
    rules.device_s = *study.limits.device_hours * kHour;
  }
  rules.device_s_used = device_s_used;
  rules.takes_whole_configurations = study.table.has_value();
  rules.lanes = study.resources.gpus > 0 ? study.resources.trials_per_gpu : 1;
  return rules;
}

TrialDemand schedule_demand(const experiments::Study& study,
                            const experiments::PlannedTrial& trial,
                            double expected_s) {
  TrialDemand demand;
  demand.configuration = trial.configuration;
  demand.stage = static_cast<int>(trial.stage);
  const experiments::Resources& resources = study.resources;
  demand.slots = resources.members * (resources.gpus > 0 ? resources.gpus : resources.cores);
  demand.memory_bytes = study.resources.memory_bytes;
  demand.expected_s = expected_s;
  return demand;
}

}  // namespace glimpse::launcher
