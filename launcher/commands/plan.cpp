#include "launcher/commands/plan.h"

#include <algorithm>
#include <cmath>

#include "experiments/json/study_json.h"
#include "launcher/commands/plan_rehearse.h"
#include "launcher/output.h"
#include "launcher/plan_reuse.h"
#include "launcher/plan_view.h"
#include "launcher/study_source.h"

namespace glimpse::launcher {
namespace {

using experiments::JsonWriter;
using experiments::PlannedTrial;
using experiments::Study;
using experiments::Value;
using reports::Cell;
using reports::Row;
using reports::TextTable;

// RNN-SPN at d=3 trains 428 images a second on one core of an AVX2 server (PyTorch, channels-last),
// which is 34 GFLOP/s; for GPUs a cautious figure for networks as small as these.
constexpr double kCoreGflops = 30;
constexpr double kGpuGflops = 3000;
// People look at some rows; programs ask for a format and get all.
constexpr std::size_t kRowsForPeople = 50;

struct Rate {
  double gflops = kCoreGflops;
  std::string device = "core";

  [[nodiscard]] double seconds(double flops) const { return flops / (gflops * 1e9); }
  [[nodiscard]] double hours(double flops) const { return seconds(flops) / 3600; }
};

Rate rate_of(const PlanOptions& options, const Study& study) {
  Rate rate = study.resources.gpus > 0 ? Rate{kGpuGflops, "GPU"} : Rate{};
  if (options.gflops > 0) {
    rate.gflops = options.gflops;
  }
  return rate;
}

Cell value_cell(const PlanView& view, std::size_t configuration, std::size_t column) {
  const Value* const value = value_of(view.plan, configuration, column);
  return value == nullptr ? Cell()
                          : std::visit([](const auto& content) { return Cell(content); }, *value);
}

Cell count_cell(std::uint64_t count) {
  return static_cast<std::int64_t>(count);
}

std::uint64_t in_state(const PlanView& view, const char* state) {
  const auto found = view.trials_by_state.find(state);
  return found == view.trials_by_state.end() ? 0 : found->second;
}

bool varies(const PlanView& view, std::size_t column) {
  for (std::size_t i = 1; i < view.configurations.size(); ++i) {
    if (value_of(view.plan, i, column) != value_of(view.plan, 0, column)) {
      return true;
    }
  }
  return false;
}

// All of them for programs; for people those that differ somewhere.
std::vector<std::size_t> shown_columns(const PlanView& view, bool for_people) {
  std::vector<std::size_t> shown;
  for (const std::size_t column : view.column_order) {
    if (!for_people || varies(view, column)) {
      shown.push_back(column);
    }
  }
  return shown;
}

std::string fixed_values(const PlanView& view) {
  std::string text;
  for (const std::size_t column : view.column_order) {
    if (!view.configurations.empty() && !varies(view, column)) {
      text += (text.empty() ? "" : " ") + view.plan.columns[column].name + "=" +
              reports::render_exact(value_cell(view, 0, column));
    }
  }
  return text;
}

Row configuration_row(const PlanView& view,
                      std::size_t number,
                      const std::vector<std::size_t>& columns,
                      const Rate& rate,
                      bool for_people) {
  const PlannedConfiguration& configuration = view.configurations[number];
  Row row;
  for (const std::size_t column : columns) {
    row.push_back(value_cell(view, number, column));
  }
  row.push_back(count_cell(configuration.trials));
  row.push_back(count_cell(configuration.done));
  row.push_back(count_cell(configuration.failed));
  if (configuration.flops <= 0) {
    row.emplace_back();
  } else if (for_people) {
    row.emplace_back(reports::render_rough_time(rate.seconds(configuration.flops)));
  } else {
    row.emplace_back(rate.hours(configuration.flops));
  }
  return row;
}

TextTable configuration_table(const PlanView& view, const Rate& rate, bool for_people) {
  const std::vector<std::size_t> columns = shown_columns(view, for_people);
  const bool has_dataset = !view.datasets.empty() && (!for_people || view.datasets.size() > 1);
  TextTable table;
  for (const std::size_t column : columns) {
    table.columns.push_back(view.plan.columns[column].name);
  }
  table.columns.insert(table.columns.end(),
                       {"trials", "done", "failed", for_people ? "each" : "hours_each"});
  if (has_dataset) {
    table.columns.emplace_back("dataset");
  }
  const std::size_t all = view.configurations.size();
  for (std::size_t i = 0; i < (for_people ? std::min(kRowsForPeople, all) : all); ++i) {
    table.rows.push_back(configuration_row(view, i, columns, rate, for_people));
    if (has_dataset) {
      table.rows.back().emplace_back(
          view.datasets.at(view.configurations[i].dataset).path.stem().string());
    }
  }
  return table;
}

std::string trials_line(const PlanView& view) {
  std::string text = std::to_string(view.plan.trials.size() + view.plan.undecided_trials);
  if (view.second_stage + view.plan.undecided_trials > 0) {
    text += ": " + std::to_string(view.first_stage) + " candidates";
    text +=
        view.second_stage == 0 ? "" : ", " + std::to_string(view.second_stage) + " of chosen ones";
    text += view.plan.undecided_trials == 0 ? ""
                                            : ", " + std::to_string(view.plan.undecided_trials) +
                                                  " when the candidates are done";
  }
  return text;
}

std::string results_line(const PlanView& view) {
  std::string text;
  for (const auto& [state, count] : view.trials_by_state) {
    if (!state.empty()) {
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + state;
    }
  }
  return text.empty() ? "nothing yet" : text;
}

std::string estimate_line(const PlanView& view, const Rate& rate) {
  return reports::render_rough_time(rate.seconds(view.flops_left)) + " to go on one " +
         rate.device + ", if it does " + reports::render_short(rate.gflops) + " GFLOP/s (--gflops)";
}

std::string state_of(const PlannedDataset& dataset) {
  if (!dataset.problem.empty()) {
    return "damaged: " + dataset.problem;
  }
  return dataset.is_built ? "built" : "not built yet (glimpse dataset build)";
}

Facts facts(const LoadedStudy& loaded,
            const PlanView& view,
            const PlanReuse& reuse,
            const Rate& rate) {
  Facts rows = {{"study", loaded.study.name + " (" + loaded.source + ")"},
                {"configurations", count_cell(view.configurations.size())},
                {"trials", trials_line(view)},
                {"results", results_line(view)}};
  for (const PlannedDataset& dataset : view.datasets) {
    rows.emplace_back("dataset", dataset.path.stem().string() + ", " + state_of(dataset));
  }
  const std::string continued = render_reuse(reuse, view);
  if (!continued.empty()) {
    rows.emplace_back("continued", continued);
  }
  if (view.flops > 0) {
    rows.emplace_back("estimate", estimate_line(view, rate));
  }
  const std::string fixed = fixed_values(view);
  if (!fixed.empty()) {
    rows.emplace_back("everywhere", fixed);
  }
  return rows;
}

// Calls `sink` with one row after the other: a million of them are never held at once. People do
// not need the key, whose first half is the run id.
template <class Sink>
void for_each_trial(const PlanView& view,
                    const std::vector<std::size_t>& columns,
                    bool for_people,
                    Sink&& sink) {
  for (const PlannedTrial& trial : view.plan.trials) {
    Row row = {trial.key.run_id(),
               count_cell(trial.stage),
               count_cell(trial.seed),
               state_of(view, trial.key)};
    for (const std::size_t column : columns) {
      row.push_back(value_cell(view, trial.configuration, column));
    }
    if (!for_people) {
      row.emplace_back(trial.key.hex());
    }
    sink(row);
  }
}

std::vector<std::string> trial_columns(const PlanView& view,
                                       const std::vector<std::size_t>& columns,
                                       bool for_people) {
  std::vector<std::string> names = {"run_id", "stage", "seed", "state"};
  for (const std::size_t column : columns) {
    names.push_back(view.plan.columns[column].name);
  }
  if (!for_people) {
    names.emplace_back("key");
  }
  return names;
}

void print_trials(const PlanView& view, const OutputOptions& output, Env& env) {
  const bool for_people = !output.has_format();
  const std::vector<std::size_t> columns = shown_columns(view, for_people);
  reports::TableWriter writer(
      env.out, table_style(output, env), trial_columns(view, columns, for_people));
  for_each_trial(view, columns, for_people, [&](const Row& row) { writer.add(row); });
  writer.finish();
  if (view.plan.undecided_trials > 0) {
    env.log.info(std::to_string(view.plan.undecided_trials) +
                 " more trials follow, of the candidates that win, once all candidates are done");
  }
}

void append_datasets(JsonWriter& json, const PlanView& view) {
  json.key("datasets").begin_array();
  for (const PlannedDataset& dataset : view.datasets) {
    json.begin_object().key("identity").string(dataset.identity);
    json.key("path").string(dataset.path.string());
    json.key("is_built").boolean(dataset.is_built);
    json.key("problem").string(dataset.problem).end_object();
  }
  json.end_array();
}

void append_reuse(JsonWriter& json, const PlanView& view, const PlanReuse& reuse) {
  json.key("continued").begin_array();
  for (const experiments::Continuation& trial : reuse.trials) {
    json.begin_object().key("run_id").string(view.plan.trials.at(trial.trial).key.run_id());
    json.key("from_run_id").string(trial.from.run_id());
    json.key("from_epochs").number(trial.from_epochs);
    json.key("from_state").string(state_of(view, trial.from)).end_object();
  }
  json.end_array();
}

void append_counts(JsonWriter& json, const PlanView& view) {
  const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  json.key("configuration_count").integer(number(view.configurations.size()));
  json.key("trials").begin_object();
  json.key("total").integer(number(view.plan.trials.size() + view.plan.undecided_trials));
  json.key("first_stage").integer(number(view.first_stage));
  json.key("second_stage").integer(number(view.second_stage));
  json.key("undecided").integer(number(view.plan.undecided_trials));
  for (const char* const state : {"done", "failed", "cancelled", "running", "pending"}) {
    json.key(state).integer(number(in_state(view, state)));
  }
  json.end_object();
}

void append_trials(JsonWriter& json, const PlanView& view) {
  const std::vector<std::size_t> columns = shown_columns(view, false);
  const std::vector<std::string> names = trial_columns(view, columns, false);
  json.key("trial_list").begin_array();
  for_each_trial(view, columns, false, [&](const Row& row) {
    json.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      json.key(names[i]);
      reports::append_json_cell(json, row[i]);
    }
    json.end_object();
  });
  json.end_array();
}

void print_as_json(const LoadedStudy& loaded,
                   const PlanView& view,
                   const PlanReuse& reuse,
                   const Rate& rate,
                   bool has_trials,
                   Env& env) {
  JsonWriter json = begin_json("plan");
  json.key("study").string(loaded.study.name).key("source").string(loaded.source);
  json.key("metric").string(loaded.study.metric.name);
  append_counts(json, view);
  append_datasets(json, view);
  append_reuse(json, view, reuse);
  json.key("estimate").begin_object();
  json.key("flops").number(view.flops).key("flops_left").number(view.flops_left);
  json.key("device").string(rate.device).key("assumed_gflops").number(rate.gflops);
  json.key("device_hours").number(rate.hours(view.flops));
  json.key("device_hours_left").number(rate.hours(view.flops_left)).end_object();
  json.key("configurations");
  reports::append_json_rows(json, configuration_table(view, rate, false));
  if (has_trials) {
    append_trials(json, view);
  }
  print_json(json, env);
}

void print_for_people(const LoadedStudy& loaded,
                      const PlanView& view,
                      const PlanReuse& reuse,
                      const Rate& rate,
                      Env& env) {
  const reports::TableStyle style = table_style({}, env);
  print_facts(facts(loaded, view, reuse, rate), env);
  env.out << '\n';
  write_table(env.out, configuration_table(view, rate, true), style);
  if (view.configurations.size() > kRowsForPeople) {
    env.out << "... and " << view.configurations.size() - kRowsForPeople
            << " more (--format csv prints all)\n";
  }
}

// As a study that can be saved, with each value's origin behind it; programs get the origins apart,
// because JSON has no comments.
void print_resolved(const LoadedStudy& loaded, const OutputOptions& output, Env& env) {
  if (!output.is_json) {
    env.out << experiments::print_resolved(loaded.study, loaded.origins);
    return;
  }
  JsonWriter json = begin_json("plan");
  json.key("source").string(loaded.source);
  json.key("study").raw(experiments::print_study(loaded.study));
  json.key("origins").begin_object();
  for (const auto& [pointer, origin] : loaded.origins) {
    json.key(pointer).string(origin);
  }
  json.end_object();
  print_json(json, env);
}

}  // namespace

int plan(const PlanOptions& options, Env& env) {
  const LoadedStudy loaded = load_study(options.study, options.overrides, env.settings);
  if (options.shows_resolved) {
    print_resolved(loaded, options.output, env);
    return 0;
  }
  const PlanView view = make_plan_view(loaded, env.settings);
  const Rate rate = rate_of(options, loaded.study);
  if (options.rehearses) {
    return plan_rehearse(options, loaded, view, rate.gflops, env);
  }
  const PlanReuse reuse = find_reuse(loaded, view, env.settings);
  if (options.output.is_json) {
    print_as_json(loaded, view, reuse, rate, options.shows_trials, env);
  } else if (options.shows_trials) {
    print_trials(view, options.output, env);
  } else if (options.output.has_format()) {
    write_table(env.out, configuration_table(view, rate, false), table_style(options.output, env));
  } else {
    print_for_people(loaded, view, reuse, rate, env);
  }
  return 0;
}

}  // namespace glimpse::launcher
