#include "launcher/trial_durations.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "launcher/results.h"

namespace glimpse::launcher {
namespace {

// By key: the seconds that all attempts of a trial that is done took together.
std::unordered_map<std::string, double> read_durations(const Settings& settings) {
  std::unordered_map<std::string, double> durations;
  if (!has_database(settings)) {
    return durations;
  }
  storage::Query query = open_results(settings);
  const auto table = query_table(query,
                                 "select t.key, sum(a.seconds) from v_trials t join v_attempts a"
                                 " on a.run_id = t.run_id where t.state = 'done' group by t.key");
  for (const reports::Row& row : table.rows) {
    if (const auto* const seconds = std::get_if<double>(&row[1])) {
      durations[reports::render_exact(row[0])] = *seconds;
    }
  }
  return durations;
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) {
    return std::nullopt;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) {
    return *middle;
  }
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

TrialDurations::TrialDurations(const PlanView& view, const Settings& settings) {
  const auto recorded = read_durations(settings);
  if (recorded.empty()) {
    return;
  }
  for (const experiments::PlannedTrial& trial : view.plan.trials) {
    const auto found = recorded.find(trial.key.hex());
    if (found == recorded.end()) {
      continue;
    }
    by_configuration_[trial.configuration].push_back(found->second);
    all_.push_back(found->second);
    const double flops = view.configurations.at(trial.configuration).flops;
    if (flops > 0) {
      per_flop_.push_back(found->second / flops);
    }
  }
}

std::optional<double> TrialDurations::of_configuration(std::uint32_t configuration) const {
  const auto found = by_configuration_.find(configuration);
  return found == by_configuration_.end() ? std::nullopt : median(found->second);
}

std::optional<double> TrialDurations::of_any() const {
  return median(all_);
}

std::optional<double> TrialDurations::per_flop() const {
  return median(per_flop_);
}

}  // namespace glimpse::launcher
