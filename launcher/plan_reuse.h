#pragma once

// What a study with `continue_from` takes over from the earlier one. Reads only.

#include <string>
#include <vector>

#include "experiments/plan/continuation.h"
#include "launcher/plan_view.h"
#include "launcher/settings.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {

struct PlanReuse {
  std::string study;  // the earlier one; empty: nothing is continued
  std::vector<experiments::Continuation> trials;
  std::size_t ready = 0;  // of them, those whose earlier trial is done
};

PlanReuse find_reuse(const LoadedStudy& loaded, const PlanView& view, const Settings& settings);

// "27 of 27 trials go on from table1 after 300 epochs; 12 of those have ended"; "" for nothing.
std::string render_reuse(const PlanReuse& reuse, const PlanView& view);

}  // namespace glimpse::launcher
