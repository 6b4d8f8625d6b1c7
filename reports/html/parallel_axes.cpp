#include "reports/html/parallel_axes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "reports/charts/number_text.h"
#include "reports/html/page_parts.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

using experiments::Value;

constexpr std::size_t kRunDigits = 8;

// Numbers have an axis of their own; where one value is none, all values are words.
bool is_numeric(const ParameterContent& content, std::size_t parameter) {
  return std::ranges::all_of(content.trials, [&](const TrialPoint& trial) {
    const std::optional<Value>& value = trial.values[parameter];
    return !value || std::holds_alternative<double>(*value);
  });
}

std::vector<std::string> list_words(const ParameterContent& content, std::size_t parameter) {
  std::set<std::string> words;
  for (const TrialPoint& trial : content.trials) {
    if (trial.values[parameter]) {
      words.insert(experiments::render_plain(*trial.values[parameter]));
    }
  }
  return {words.rbegin(), words.rend()};  // the first one on top
}

// The values themselves, where there are few; more of them would run into one another.
std::vector<Tick> list_few_values(const ParameterContent& content, std::size_t parameter) {
  constexpr std::size_t kFew = 6;
  std::set<double> values;
  for (const TrialPoint& trial : content.trials) {
    if (trial.values[parameter]) {
      values.insert(std::get<double>(*trial.values[parameter]));
    }
  }
  std::vector<Tick> ticks;
  ticks.reserve(values.size());
  for (const double value : values) {
    ticks.push_back({value, render_short(value)});
  }
  return ticks.size() <= kFew ? ticks : std::vector<Tick>{};
}

ParallelAxis make_axis(const ParameterContent& content, std::size_t parameter) {
  ParallelAxis axis{.name = content.parameters[parameter]};
  if (!is_numeric(content, parameter)) {
    axis.words = list_words(content, parameter);
    return axis;
  }
  axis.ticks = list_few_values(content, parameter);
  if (parameter < content.is_log.size() && content.is_log[parameter]) {
    axis.kind = ScaleKind::kLog;
  }
  return axis;
}

std::optional<double> place_on(const ParallelAxis& axis, const std::optional<Value>& value) {
  if (!value) {
    return std::nullopt;
  }
  if (axis.words.empty()) {
    return std::get<double>(*value);
  }
  const auto word = std::ranges::find(axis.words, experiments::render_plain(*value));
  return static_cast<double>(word - axis.words.begin());
}

std::string describe(const ParameterContent& content, const TrialPoint& trial, int decimals) {
  std::string text = short_run(trial.run_id) + ':';
  for (std::size_t i = 0; i < content.parameters.size(); ++i) {
    if (trial.values[i]) {
      text += ' ' + content.parameters[i] + ' ' + experiments::render_plain(*trial.values[i]) + ',';
    }
  }
  return text + ' ' + content.outcome + ' ' +
         (trial.outcome ? render_fixed(*trial.outcome, decimals) : "none");
}

}  // namespace

ParallelChart make_parallel(const ParameterContent& content, std::size_t number, int decimals) {
  ParallelChart chart{
      .text = {Id("parallel", number),
               "All trials over " + std::to_string(content.parameters.size()) + " parameters",
               "A line per trial from parameter to parameter, to its " + content.outcome + "."},
      .is_small_good = content.goal == experiments::Goal::kMinimize};
  for (std::size_t i = 0; i < content.parameters.size(); ++i) {
    chart.axes.push_back(make_axis(content, i));
  }
  for (const TrialPoint& trial : content.trials) {
    ParallelLine line{.label = describe(content, trial, decimals)};
    for (std::size_t i = 0; i < content.parameters.size(); ++i) {
      line.values.push_back(place_on(chart.axes[i], trial.values[i]));
    }
    line.values.push_back(trial.outcome);
    chart.lines.push_back(std::move(line));
  }
  chart.axes.push_back({.name = content.outcome});
  return chart;
}

std::vector<TrialPoint> keep_best(const ParameterContent& content, std::size_t most) {
  const std::vector<TrialPoint>& trials = content.trials;
  const double sign = content.goal == experiments::Goal::kMinimize ? 1 : -1;
  const auto badness = [&](std::size_t i) {
    const double outcome = trials[i].outcome.value_or(NAN);
    return std::isfinite(outcome) ? sign * outcome : std::numeric_limits<double>::infinity();
  };
  std::vector<std::size_t> order(trials.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::less(), badness);
  order.resize(std::min(order.size(), most));
  std::ranges::sort(order);
  std::vector<TrialPoint> kept;
  kept.reserve(order.size());
  for (const std::size_t i : order) {
    kept.push_back(trials[i]);
  }
  return kept;
}

std::string short_run(std::string_view run_id) {
  return cut_to_width(escape_controls(run_id.substr(0, std::min(run_id.size(), kRunDigits))),
                      kRunDigits);
}

Element value_cell(const std::optional<Value>& value) {
  if (!value) {
    return number_cell("", std::nullopt);
  }
  const auto* number = std::get_if<double>(&*value);
  return number != nullptr
             ? number_cell(render_short(*number), *number)
             : Element("td").set_class("number").add(make_name(experiments::render_plain(*value)));
}

}  // namespace glimpse::reports
