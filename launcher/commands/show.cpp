#include "launcher/commands/show.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "experiments/json/trial_json.h"
#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/results_folder.h"
#include "reports/sparkline.h"
#include "storage/sqlite/query.h"

namespace glimpse::launcher {
namespace {

using reports::TextTable;
using storage::QueryParameter;

constexpr std::size_t kCurveColumns = 60;

// trial.json alone tells where a value came from and which defaults apply. A run that has not begun
// has none yet; then the plan's values stand without their origins.
TextTable parameters_of(const std::string& run_id, storage::Query& results, const Env& env) {
  const storage::ResultsFolder folder = existing_results_folder(env.settings);
  const std::filesystem::path file = folder.trial_file(run_id);
  if (!std::filesystem::exists(file)) {
    return query_table(results,
                       "select j.key as parameter, j.value, null as origin"
                       " from v_trials t, json_each(t.parameters) j where t.run_id = :run"
                       " order by 1",
                       {{"run", run_id}});
  }
  const auto trial = experiments::parse_trial(folder.load_trial(run_id), file.string());
  TextTable table{.columns = {"parameter", "value", "origin"}, .rows = {}};
  for (const auto& [name, value] : trial.parameters) {
    const auto origin = trial.origins.find(name);
    table.rows.push_back(
        {name,
         std::visit([](const auto& content) { return reports::Cell(content); }, value),
         origin == trial.origins.end() ? reports::Cell() : reports::Cell(origin->second)});
  }
  return table;
}

// People see each curve as one line, programs get its points.
TextTable curves_of(const TextTable& points, bool is_json) {
  if (is_json) {
    return points;
  }
  std::map<std::string, std::vector<std::optional<double>>> curves;
  for (const reports::Row& row : points.rows) {
    const auto* const value = std::get_if<double>(&row.at(2));
    curves[reports::render_exact(row.at(0))].push_back(value == nullptr ? std::nullopt
                                                                        : std::optional(*value));
  }
  TextTable table{.columns = {"name", "first", "curve", "last"}, .rows = {}};
  const auto cell = [](const std::optional<double>& value) {
    return value ? reports::Cell(*value) : reports::Cell();
  };
  for (const auto& [name, values] : curves) {
    if (values.size() > 1) {
      table.rows.push_back({name,
                            cell(values.front()),
                            reports::render_sparkline(values, kCurveColumns),
                            cell(values.back())});
    }
  }
  return table;
}

void show_run(const std::string& run_id,
              storage::Query& results,
              const OutputOptions& output,
              Env& env) {
  const std::vector<QueryParameter> run = {{"run", run_id}};
  const TextTable facts = query_table(
      results,
      "select run_id, study, state, outcome, objective, best_epoch, last_epoch, seed, arm,"
      " parameters, kind, code, dataset, world_size, key, started, ended from v_trials"
      " where run_id = :run",
      run);
  const TextTable attempts = query_table(results,
                                         "select attempt, state, class, node, slot, started,"
                                         " seconds, message from v_attempts where run_id = :run"
                                         " order by attempt",
                                         run);
  const TextTable metrics = query_table(
      results,
      "select name, count(*) as epochs, min(value) as min, max(value) as max from v_metrics"
      " where run_id = :run group by name order by name",
      run);
  const TextTable artifacts = query_table(
      results,
      "select kind, path, bytes, step, epoch from v_artifacts where run_id = :run order by path",
      run);
  const TextTable events = query_table(
      results,
      "select time, attempt, kind, detail from v_events where run_id = :run order by time_ms",
      run);
  const TextTable points = query_table(
      results,
      "select name, epoch, value from v_metrics where run_id = :run order by name, epoch",
      run);
  const TextTable environment = query_table(
      results,
      "select j.key as name, j.value from json_each((select environment from v_attempts"
      " where run_id = :run and environment is not null order by attempt desc limit 1)) j"
      " order by 1",
      run);
  print_sections("show",
                 {{"run", "", facts, true},
                  {"parameters", "Parameters", parameters_of(run_id, results, env)},
                  {"environment", "Environment of the newest attempt", environment},
                  {"attempts", "Attempts", attempts},
                  {"events", "Events", events},
                  {"metrics", "Metrics", metrics},
                  {"curves", "Curves", curves_of(points, output.is_json)},
                  {"artifacts", "Files", artifacts}},
                 output,
                 env);
}

void show_study(const std::string& name,
                storage::Query& results,
                const OutputOptions& output,
                Env& env) {
  const std::vector<QueryParameter> study = {{"study", name}};
  const TextTable facts = query_table(
      results,
      "select study, revision, text_hash, metric, goal, trials, created, used from v_studies"
      " where study = :study and is_newest",
      study);
  const TextTable cells = query_table(
      results,
      "select parameters, arm, name as metric, planned, completed, n, mean, sd, min, max"
      " from v_cells where study = :study"
      " and (name is null or name = (select metric from v_studies where study = :study"
      " and is_newest)) order by mean is null, mean",
      study);
  const TextTable trials =
      query_table(results,
                  "select run_id, state, outcome, objective, seed, parameters from v_plan"
                  " where study = :study order by position",
                  study);
  print_sections(
      "show",
      {{"study", "", facts, true}, {"cells", "Cells", cells}, {"trials", "Trials", trials}},
      output,
      env);
}

}  // namespace

int show(const ShowOptions& options, Env& env) {
  storage::Query results = open_results(env.settings);
  const std::vector<std::string> studies =
      query_names(env.settings, "select distinct study from v_studies");
  if (std::find(studies.begin(), studies.end(), options.target) != studies.end()) {
    show_study(options.target, results, options.output, env);
    return 0;
  }
  show_run(pick_run(options.target, results), results, options.output, env);
  return 0;
}

}  // namespace glimpse::launcher
