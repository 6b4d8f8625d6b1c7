#include "launcher/commands/plan_rehearse.h"

#include <cmath>

#include "launcher/output.h"
#include "launcher/plan_rehearsal.h"
#include "storage/files/atomic_file.h"

namespace glimpse::launcher {
namespace {

using reports::Cell;

constexpr double kHour = 3600;

Cell count(std::size_t number) {
  return static_cast<std::int64_t>(number);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : "; ") + text;
  }
  return all;
}

Facts facts_for_programs(const PlanRehearsal& rehearsal) {
  const RehearsalResult& result = rehearsal.result;
  return {{"nodes", count(static_cast<std::size_t>(rehearsal.stage.nodes))},
          {"slots", count(static_cast<std::size_t>(rehearsal.stage.slots))},
          {"trials_recorded", count(rehearsal.recorded)},
          {"trials_estimated", count(rehearsal.estimated)},
          {"done", count(result.done)},
          {"not_started", count(result.pending)},
          {"makespan_s", result.makespan_s},
          {"utilisation", result.utilisation()},
          {"device_hours", result.busy_slot_s / kHour},
          {"allocated_device_hours", result.allocated_slot_s / kHour},
          {"closed", joined(result.closed)}};
}

std::string hours(double seconds) {
  return reports::render_short(seconds / kHour);
}

Facts facts_for_people(const LoadedStudy& loaded, const PlanRehearsal& rehearsal, double gflops) {
  const RehearsalResult& result = rehearsal.result;
  const RehearsalStage& stage = rehearsal.stage;
  Facts facts = {
      {"study", loaded.study.name + " (" + loaded.source + ")"},
      {"on", std::to_string(stage.nodes) + " nodes of " + std::to_string(stage.slots) + " slots"},
      {"trials", count(result.done)},
      {"durations",
       std::to_string(rehearsal.recorded) + " as recorded, " + std::to_string(rehearsal.estimated) +
           " estimated at " + reports::render_short(gflops) + " GFLOP/s (--gflops)"},
      {"makespan", reports::render_rough_time(result.makespan_s)},
      {"utilisation", reports::render_short(std::round(1000 * result.utilisation()) / 10) + " %"},
      {"device-hours",
       hours(result.busy_slot_s) + " used of " + hours(result.allocated_slot_s) + " held"}};
  if (result.pending > 0) {
    const std::string reason =
        result.closed.empty() ? "no node has enough slots" : joined(result.closed);
    facts.emplace_back("not started", std::to_string(result.pending) + " trials: " + reason);
  }
  return facts;
}

}  // namespace

int plan_rehearse(const PlanOptions& options,
                  const LoadedStudy& loaded,
                  const PlanView& view,
                  double gflops,
                  Env& env) {
  const PlanRehearsal rehearsal =
      rehearse_plan(loaded,
                    view,
                    {.nodes = options.nodes, .slots = options.slots, .flops_per_s = gflops * 1e9},
                    env.settings);
  if (!options.timeline.empty()) {
    storage::write_file_atomically(options.timeline,
                                   render_timeline_svg(make_timeline(loaded, view, rehearsal)));
    env.log.info("timeline in " + options.timeline);
  }
  if (options.output.is_json || options.output.has_format()) {
    const Section section = {"rehearsal", "", facts_table(facts_for_programs(rehearsal)), true};
    print_sections("plan", {section}, options.output, env);
  } else {
    print_facts(facts_for_people(loaded, rehearsal, gflops), env);
  }
  return 0;
}

}  // namespace glimpse::launcher
