#include "launcher/plan_rehearsal.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "launcher/results.h"
#include "launcher/study_schedule.h"
#include "launcher/trial_durations.h"
#include "launcher/usage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::PlannedTrial;
using experiments::SelectionCell;

// How long a trial of each configuration takes: recorded, else from its FLOPs, else like the
// others.
class Durations {
 public:
  // `lanes`: trials that share a slot, each with its share of the speed.
  Durations(const PlanView& view, const RehearsalStage& stage, int lanes, const Settings& settings)
      : view_(view), stage_(stage), lanes_(lanes), recorded_(view, settings) {}

  double seconds(std::uint32_t configuration, PlanRehearsal& counts) const {
    if (const auto recorded = recorded_.of_configuration(configuration)) {
      ++counts.recorded;
      return *recorded;
    }
    const double flops = view_.configurations.at(configuration).flops;
    if (flops > 0) {
      ++counts.estimated;
      return flops / stage_.flops_per_s * lanes_;
    }
    const auto any = recorded_.of_any();
    if (!any) {
      throw UsageError(
          "plan --rehearse: nothing tells how long a trial takes: none has run, and the FLOPs of a "
          "command or of a missing dataset are unknown (run one trial, or build the dataset "
          "first)");
    }
    ++counts.recorded;
    return *any;
  }

 private:
  const PlanView& view_;
  const RehearsalStage& stage_;
  int lanes_;
  TrialDurations recorded_;
};

bool is_left(const PlanView& view, const PlannedTrial& trial) {
  const std::string state = state_of(view, trial.key);
  return state != "done" && state != "failed" && state != "cancelled";
}

// The winner is unknown, so it stands for all candidates under the name of the first.
RehearsedSequel make_sequel(const experiments::Study& study,
                            std::size_t chosen,
                            const SelectionCell& cell,
                            const std::multimap<std::uint32_t, TrialNumber>& waiting,
                            const std::map<std::uint32_t, double>& durations) {
  RehearsedSequel sequel;
  double sum_s = 0;
  for (const experiments::Candidate& candidate : cell.candidates) {
    const auto [first, last] = waiting.equal_range(candidate.configuration);
    std::for_each(first, last, [&](const auto& entry) { sequel.after.push_back(entry.second); });
    sum_s += durations.at(candidate.configuration);
  }
  PlannedTrial trial;
  trial.configuration = cell.candidates.front().configuration;
  trial.stage = 2;
  const double mean_s = sum_s / static_cast<double>(cell.candidates.size());
  for (std::size_t seed = chosen; seed < study.seeds.size(); ++seed) {
    sequel.trials.push_back({schedule_demand(study, trial, mean_s), mean_s});
  }
  return sequel;
}

void add_sequels(const experiments::Study& study,
                 const PlanView& view,
                 const std::multimap<std::uint32_t, TrialNumber>& waiting,
                 const Durations& durations,
                 Rehearsal& rehearsal) {
  if (!study.table || !study.table->select) {
    return;
  }
  const auto chosen = static_cast<std::size_t>(study.table->select->seeds);
  for (const SelectionCell& cell : view.plan.selection) {
    if (cell.is_decided || cell.candidates.empty()) {
      continue;
    }
    std::map<std::uint32_t, double> seconds;
    PlanRehearsal not_counted;
    for (const experiments::Candidate& candidate : cell.candidates) {
      seconds[candidate.configuration] = durations.seconds(candidate.configuration, not_counted);
    }
    rehearsal.sequels.push_back(make_sequel(study, chosen, cell, waiting, seconds));
  }
}

// What tells a configuration from the others.
std::string label_of(const PlanView& view, std::size_t configuration) {
  std::string label;
  for (const std::size_t column : view.column_order) {
    const auto* const value = value_of(view.plan, configuration, column);
    if (value != nullptr && view.plan.columns[column].values.size() > 1) {
      label += (label.empty() ? "" : " ") + view.plan.columns[column].name + "=" +
               experiments::render_plain(*value);
    }
  }
  return label.empty() ? "all trials" : label;
}

}  // namespace

PlanRehearsal rehearse_plan(const LoadedStudy& loaded,
                            const PlanView& view,
                            const RehearsalStage& stage,
                            const Settings& settings) {
  StudyRules rules = schedule_rules(loaded.study, 0);
  rules.lanes = rules.lanes.value_or(1);  // how many would fit, only trying tells
  const Durations durations(view, stage, *rules.lanes, settings);
  PlanRehearsal played;
  played.stage = stage;
  Rehearsal rehearsal;
  rehearsal.studies = {rules};
  rehearsal.nodes = stage.nodes;
  rehearsal.node.slots = stage.slots;
  std::multimap<std::uint32_t, TrialNumber> waiting;
  for (const PlannedTrial& trial : view.plan.trials) {
    if (!is_left(view, trial)) {
      continue;
    }
    const double seconds = durations.seconds(trial.configuration, played);
    waiting.emplace(trial.configuration, static_cast<TrialNumber>(rehearsal.trials.size()));
    rehearsal.trials.push_back({schedule_demand(loaded.study, trial, seconds), seconds});
  }
  add_sequels(loaded.study, view, waiting, durations, rehearsal);
  played.result = rehearse(rehearsal);
  return played;
}

Timeline make_timeline(const LoadedStudy& loaded,
                       const PlanView& view,
                       const PlanRehearsal& rehearsal) {
  const RehearsalResult& result = rehearsal.result;
  const auto slots = static_cast<std::size_t>(rehearsal.stage.slots);
  Timeline timeline;
  timeline.title = loaded.study.name + ": " + reports::render_rough_time(result.makespan_s) +
                   " on " + std::to_string(rehearsal.stage.nodes) + " x " + std::to_string(slots) +
                   " slots, " +
                   reports::render_short(std::round(1000 * result.utilisation()) / 10) + " % busy";
  for (int node = 0; node < rehearsal.stage.nodes; ++node) {
    for (std::size_t slot = 0; slot < slots; ++slot) {
      timeline.rows.push_back("node " + std::to_string(node) + " slot " + std::to_string(slot));
    }
  }
  for (std::size_t i = 0; i < view.configurations.size(); ++i) {
    timeline.kinds.push_back(label_of(view, i));
  }
  for (const TimelineEntry& entry : result.timeline) {
    const TrialDemand& demand = result.demands.at(entry.trial);
    timeline.bars.push_back({.row = entry.node * slots + static_cast<std::size_t>(entry.slot),
                             .start_s = entry.start_s,
                             .end_s = entry.end_s,
                             .kind = demand.configuration,
                             .is_failed = entry.kind == EndKind::kFailed,
                             .label = timeline.kinds.at(demand.configuration) +
                                      (demand.stage > 1 ? " (chosen)" : "") + ", " +
                                      reports::render_rough_time(entry.end_s - entry.start_s)});
  }
  return timeline;
}

}  // namespace glimpse::launcher
