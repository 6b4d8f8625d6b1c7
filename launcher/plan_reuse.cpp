#include "launcher/plan_reuse.h"

#include <algorithm>

#include "launcher/dataset_store.h"
#include "reports/text_table.h"

namespace glimpse::launcher {

PlanReuse find_reuse(const LoadedStudy& loaded, const PlanView& view, const Settings& settings) {
  PlanReuse reuse{.study = loaded.study.continue_from, .trials = {}};
  if (reuse.study.empty()) {
    return reuse;
  }
  const LoadedStudy earlier = load_study(reuse.study, {}, settings);
  const experiments::Plan plan = plan_study(earlier, settings);
  reuse.trials =
      experiments::find_continuations({loaded.study, view.plan}, {earlier.study, plan}, hash_file);
  reuse.ready = static_cast<std::size_t>(
      std::count_if(reuse.trials.begin(), reuse.trials.end(), [&](const auto& trial) {
        return state_of(view, trial.from) == "done";
      }));
  return reuse;
}

std::string render_reuse(const PlanReuse& reuse, const PlanView& view) {
  if (reuse.study.empty()) {
    return {};
  }
  if (reuse.trials.empty()) {
    return "nothing of " + reuse.study +
           ": no trial there differs in a smaller number of epochs only";
  }
  return std::to_string(reuse.trials.size()) + " of " + std::to_string(view.plan.trials.size()) +
         " trials differ from one of " + reuse.study +
         " in more epochs only and start from its last checkpoint (the first after " +
         reports::render_short(reuse.trials.front().from_epochs) + " epochs); " +
         std::to_string(reuse.ready) + " of those have ended";
}

}  // namespace glimpse::launcher
