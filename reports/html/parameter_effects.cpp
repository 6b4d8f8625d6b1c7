#include "reports/html/parameter_effects.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "reports/stats/sample.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Value;

constexpr std::size_t kMostLevels = 12;  // more are taken together
constexpr std::size_t kGroups = 5;
constexpr std::size_t kFewestPerLevel = 3;
constexpr std::size_t kMostParameters = 12;  // axes that can be told apart
constexpr std::size_t kMostTrials = 2000;    // lines likewise

// Which group of a parameter's values a trial is in; groups are in order.
struct Levels {
  std::string parameter = {};
  bool has_order = true;
  std::vector<std::string> names = {};
  std::vector<std::optional<std::size_t>> of_trial = {};
};

bool is_number(const Value& value) {
  return std::holds_alternative<double>(value);
}

const Value* find(const Assignment& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? nullptr : &found->second;
}

std::vector<std::string> varying_names(std::span<const EffectTrial> trials) {
  std::map<std::string, std::set<Value>> values;
  for (const EffectTrial& trial : trials) {
    for (const auto& [name, value] : trial.parameters) {
      values[name].insert(value);
    }
  }
  std::vector<std::string> names;
  for (const auto& [name, distinct] : values) {
    if (distinct.size() > 1 && names.size() < kMostParameters) {
      names.push_back(name);
    }
  }
  return names;
}

// Each value is a level, or each fifth of the sorted values.
Levels find_levels(const std::string& name, std::span<const EffectTrial> trials) {
  Levels levels{.parameter = name};
  std::vector<Value> sorted;
  for (const EffectTrial& trial : trials) {
    if (const Value* const value = find(trial.parameters, name)) {
      sorted.push_back(*value);
      levels.has_order = levels.has_order && is_number(*value);
    }
  }
  std::ranges::sort(sorted);
  std::vector<Value> starts = sorted;  // of each level
  starts.erase(std::ranges::unique(starts).begin(), starts.end());
  const bool is_grouped = starts.size() > kMostLevels;
  if (is_grouped) {
    starts.clear();
    for (std::size_t group = 0; group < kGroups; ++group) {
      const Value& start = sorted[group * sorted.size() / kGroups];
      if (starts.empty() || starts.back() != start) {
        starts.push_back(start);
      }
    }
  }
  for (const Value& start : starts) {
    levels.names.push_back((is_grouped ? "from " : "") + experiments::render_plain(start));
  }
  for (const EffectTrial& trial : trials) {
    const Value* const value = find(trial.parameters, name);
    levels.of_trial.push_back(
        value == nullptr ? std::nullopt
                         : std::optional(static_cast<std::size_t>(
                               std::ranges::upper_bound(starts, *value) - starts.begin() - 1)));
  }
  return levels;
}

// Outcomes of completed trials by a key; trials without one are left out.
template <class Key, class KeyOf>
std::map<Key, std::vector<double>> group(std::span<const EffectTrial> trials, const KeyOf& key_of) {
  std::map<Key, std::vector<double>> groups;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const std::optional<Key> key = key_of(i);
    if (key && trials[i].outcome) {
      groups[*key].push_back(*trials[i].outcome);
    }
  }
  return groups;
}

// Of the variance of these outcomes, what lies between groups; nothing where there are too few.
template <class Key>
std::optional<double> share_between(const std::map<Key, std::vector<double>>& groups) {
  std::vector<double> all;
  for (const auto& [key, values] : groups) {
    all.insert(all.end(), values.begin(), values.end());
  }
  if (groups.size() < 2 || all.size() < kFewestPerLevel * groups.size()) {
    return std::nullopt;
  }
  const Sample whole = summarize(all);
  const double total = whole.sd * whole.sd * static_cast<double>(whole.n - 1);
  double between = 0;
  for (const auto& [key, values] : groups) {
    const double distance = summarize(values).mean - whole.mean;
    between += static_cast<double>(values.size()) * distance * distance;
  }
  return total > 0 ? std::optional(between / total) : std::nullopt;
}

std::optional<ParameterEffect> find_effect(const Levels& levels,
                                           std::span<const EffectTrial> trials) {
  const auto groups =
      group<std::size_t>(trials, [&](std::size_t trial) { return levels.of_trial[trial]; });
  const std::optional<double> share = share_between(groups);
  if (!share) {
    return std::nullopt;
  }
  ParameterEffect effect{
      .parameter = levels.parameter, .has_order = levels.has_order, .share = *share};
  for (const auto& [level, values] : groups) {
    const Sample sample = summarize(values);
    effect.levels.push_back({levels.names[level], sample.n, sample.mean, mean_interval(sample)});
  }
  return effect;
}

PairEffect find_pair(const Levels& x, const Levels& y, std::span<const EffectTrial> trials) {
  using Place = std::pair<std::size_t, std::size_t>;
  PairEffect pair{
      .x_name = x.parameter, .y_name = y.parameter, .x_values = x.names, .y_values = y.names};
  pair.means.assign(y.names.size(), std::vector<std::optional<double>>(x.names.size()));
  const auto groups = group<Place>(trials, [&](std::size_t trial) {
    const auto& column = x.of_trial[trial];
    const auto& row = y.of_trial[trial];
    return column && row ? std::optional(Place(*row, *column)) : std::nullopt;
  });
  for (const auto& [place, values] : groups) {
    pair.means[place.first][place.second] = summarize(values).mean;
  }
  return pair;
}

bool is_log(const experiments::Study& study, const std::string& name) {
  return std::ranges::any_of(study.parameters, [&](const experiments::Parameter& parameter) {
    const auto* const range = std::get_if<experiments::Range>(&parameter.space);
    return parameter.name == name && range != nullptr &&
           range->distribution == experiments::Distribution::kLogUniform;
  });
}

void add_trials(std::span<const EffectTrial> trials, ParameterContent& content) {
  for (const EffectTrial& trial : trials.first(std::min(trials.size(), kMostTrials))) {
    TrialPoint point{.run_id = trial.run_id, .outcome = trial.outcome};
    for (const std::string& name : content.parameters) {
      const Value* const value = find(trial.parameters, name);
      point.values.push_back(value == nullptr ? std::nullopt : std::optional(*value));
    }
    content.trials.push_back(std::move(point));
  }
}

}  // namespace

ParameterContent find_effects(const experiments::Study& study,
                              const std::string& outcome,
                              experiments::Goal goal,
                              std::span<const EffectTrial> trials) {
  ParameterContent content{.outcome = outcome, .goal = goal, .parameters = varying_names(trials)};
  std::vector<std::pair<ParameterEffect, Levels>> found;
  for (const std::string& name : content.parameters) {
    content.is_log.push_back(is_log(study, name));
    Levels levels = find_levels(name, trials);
    if (auto effect = find_effect(levels, trials)) {
      found.emplace_back(std::move(*effect), std::move(levels));
    }
  }
  std::ranges::stable_sort(
      found, [](const auto& a, const auto& b) { return a.first.share > b.first.share; });
  if (found.size() > 1) {
    content.top_pair = find_pair(found[0].second, found[1].second, trials);
  }
  for (auto& [effect, levels] : found) {
    content.effects.push_back(std::move(effect));
  }
  add_trials(trials, content);
  return content;
}

}  // namespace glimpse::reports
