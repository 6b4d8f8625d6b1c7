#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "reports/charts/bar_chart.h"
#include "reports/charts/effect_chart.h"
#include "reports/charts/heat_map.h"
#include "reports/charts/number_text.h"
#include "reports/html/page_parts.h"
#include "reports/html/parallel_axes.h"
#include "reports/html/sections.h"

namespace glimpse::reports {
namespace {

constexpr double kEffectHeight = 190;
constexpr double kParallelHeight = 300;

int decimals_of(const ParameterContent& content) {
  std::vector<double> spreads;
  for (const ParameterEffect& effect : content.effects) {
    for (const EffectLevel& level : effect.levels) {
      spreads.push_back(level.interval ? (level.interval->high - level.interval->low) / 2 : 0);
    }
  }
  return decimals_for_spreads(spreads, 2);
}

std::string percent(double share) {
  return render_fixed(100 * share, 0) + "\xc2\xa0%";
}

Interval effect_domain(const std::vector<ParameterEffect>& effects) {
  std::vector<double> values;
  for (const ParameterEffect& effect : effects) {
    for (const EffectLevel& level : effect.levels) {
      values.push_back(level.mean);
      if (level.interval) {
        values.push_back(level.interval->low);
        values.push_back(level.interval->high);
      }
    }
  }
  return pick_domain(values, ScaleKind::kLinear);
}

DataTable list_effects(const ParameterContent& content) {
  DataTable table(Id("effects"),
                  "Mean " + content.outcome + " at each value, over all other parameters",
                  {{"parameter"},
                   {"value"},
                   {"trials", true},
                   {"mean", true},
                   {"95\xc2\xa0% interval", true},
                   {"share of variance", true}});
  const int decimals = decimals_of(content);
  for (const ParameterEffect& effect : content.effects) {
    for (const EffectLevel& level : effect.levels) {
      table.add({row_heading(effect.parameter),
                 name_cell(level.value),
                 count_cell(level.n),
                 fixed_cell(level.mean, decimals),
                 interval_cell(level.interval, decimals),
                 number_cell(percent(effect.share), effect.share)});
    }
  }
  return table;
}

Element render_effects(const ParameterContent& content) {
  const Interval domain = effect_domain(content.effects);
  std::vector<Element> drawings;
  for (std::size_t i = 0; i < content.effects.size(); ++i) {
    const ParameterEffect& effect = content.effects[i];
    EffectChart chart{
        .text = {Id("effect", i),
                 "Effect of " + effect.parameter,
                 "Mean " + content.outcome + " at each value of " + effect.parameter + "."},
        .parameter = effect.parameter,
        .outcome = "mean " + content.outcome,
        .has_order = effect.has_order,
        .y_domain = domain};
    for (const EffectLevel& level : effect.levels) {
      chart.points.push_back({level.value, level.mean, level.interval});
    }
    drawings.push_back(draw_effect_chart(chart, kNarrow, kEffectHeight));
  }
  return make_figure(
      drawings,
      "Main effects: the mean over all other parameters, with its 95\xc2\xa0% interval.",
      list_effects(content));
}

DataTable list_shares(const ParameterContent& content) {
  DataTable table(Id("shares"),
                  "Share of the variance of " + content.outcome + " that a parameter explains",
                  {{"parameter"}, {"share", true}});
  for (const ParameterEffect& effect : content.effects) {
    table.add({row_heading(effect.parameter), number_cell(percent(effect.share), effect.share)});
  }
  return table;
}

Element render_shares(const ParameterContent& content) {
  BarChart chart{.text = {Id("share", 0),
                          "Importance of the parameters",
                          "Share of the variance that each parameter explains by itself."}};
  for (const ParameterEffect& effect : content.effects) {
    chart.rows.push_back({effect.parameter, effect.share, percent(effect.share)});
  }
  const std::vector<Element> drawing = {draw_bar_chart(chart, kNarrow)};
  return make_figure(drawing,
                     "Importance: what share of the variance a parameter explains by itself.",
                     list_shares(content));
}

Element render_pair(const PairEffect& pair, const ParameterContent& content) {
  const int decimals = decimals_of(content);
  const HeatMap map{.text = {Id("heat", 0),
                             content.outcome + " by " + pair.y_name + " and " + pair.x_name,
                             "A field per pair of values, dark where the mean is small."},
                    .x_name = pair.x_name,
                    .y_name = pair.y_name,
                    .value_name = "mean " + content.outcome,
                    .x_values = pair.x_values,
                    .y_values = pair.y_values,
                    .fields = pair.means,
                    .decimals = decimals};
  std::vector<Column> columns = {{pair.y_name}};
  for (const std::string& value : pair.x_values) {
    columns.push_back({pair.x_name + ' ' + value, true});
  }
  DataTable table(Id("pair"), "Mean " + content.outcome, columns);
  for (std::size_t y = 0; y < pair.y_values.size(); ++y) {
    std::vector<Element> row = {row_heading(pair.y_values[y])};
    for (const std::optional<double>& mean : pair.means[y]) {
      row.push_back(fixed_cell(mean, decimals));
    }
    table.add(row);
  }
  const std::vector<Element> drawing = {draw_heat_map(map, kNarrow)};
  return make_figure(drawing, "The pair of parameters that explains most together.", table);
}

DataTable list_trials(const ParameterContent& content, int decimals) {
  std::vector<Column> columns = {{"run"}};
  for (const std::string& parameter : content.parameters) {
    columns.push_back({parameter, true});
  }
  columns.push_back({content.outcome, true});
  DataTable table(Id("trials"), "Every trial of the figure", columns);
  for (std::size_t i = 0; i < content.trials.size(); ++i) {
    const TrialPoint& trial = content.trials[i];
    std::vector<Element> row = {row_heading(short_run(trial.run_id))};
    for (const std::optional<experiments::Value>& value : trial.values) {
      row.push_back(value_cell(value));
    }
    row.push_back(fixed_cell(trial.outcome, decimals));
    table.add(Element("tr").set("data-row", std::to_string(i)), row);
  }
  return table;
}

// Many axes are wider than a telephone, and scroll.
double pick_width(const ParameterContent& content) {
  constexpr double kLeastGap = 62;
  return std::max(kNarrow, kLeastGap * static_cast<double>(content.parameters.size() + 1));
}

Element render_parallel(const ParameterContent& content) {
  const int decimals = decimals_of(content);
  ParameterContent shown = content;
  shown.trials = keep_best(content, kMostTrials);
  const Drawings drawings{
      draw_parallel_chart(make_parallel(shown, 0, decimals), kWide, kParallelHeight),
      draw_parallel_chart(make_parallel(shown, 1, decimals), pick_width(shown), kParallelHeight)};
  std::string caption =
      "A line per trial, the strongest fifth the best. With scripts: drag along an axis to keep "
      "the "
      "trials that cross it there; click it to let go.";
  if (shown.trials.size() < content.trials.size()) {
    caption += " Shown are the best " + std::to_string(shown.trials.size()) + " of " +
               std::to_string(content.trials.size()) + '.';
  }
  Element figure = make_figure(drawings, caption, list_trials(shown, decimals));
  return figure.set_class("parallel");
}

}  // namespace

Element render_parameters(const ParameterContent& content) {
  Element section = make_section("parameters", "Hyperparameters");
  if (content.trials.empty() && content.effects.empty()) {
    return section.add(make_note("No trial has a result yet, or only one configuration was run."));
  }
  if (!content.effects.empty()) {
    section.add(render_effects(content));
    Element pair("div");
    pair.set_class("beside").add(render_shares(content));
    if (content.top_pair) {
      pair.add(render_pair(*content.top_pair, content));
    }
    section.add(pair);
  }
  if (!content.trials.empty() && !content.parameters.empty()) {
    section.add(render_parallel(content));
  }
  return section;
}

}  // namespace glimpse::reports
