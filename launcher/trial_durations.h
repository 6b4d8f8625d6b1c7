#pragma once

// How long trials of a plan took, as the results tell: what a run and a rehearsal expect of those
// that are left. Reads once, when it is made.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "launcher/plan_view.h"
#include "launcher/settings.h"

namespace glimpse::launcher {

class TrialDurations {
 public:
  TrialDurations(const PlanView& view, const Settings& settings);

  // Seconds of a trial that is done, all its attempts together, in the median: of this
  // configuration, or of all. Nothing where none is done.
  [[nodiscard]] std::optional<double> of_configuration(std::uint32_t configuration) const;
  [[nodiscard]] std::optional<double> of_any() const;
  // Seconds per FLOP, in the median of those whose FLOPs are known.
  [[nodiscard]] std::optional<double> per_flop() const;

 private:
  std::map<std::uint32_t, std::vector<double>> by_configuration_;
  std::vector<double> all_;
  std::vector<double> per_flop_;
};

}  // namespace glimpse::launcher
