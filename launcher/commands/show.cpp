#include "launcher/commands/show.h"

#include <algorithm>

#include "launcher/output.h"
#include "launcher/results.h"
#include "storage/sqlite/query.h"

namespace glimpse::launcher {
namespace {

using reports::TextTable;
using storage::QueryParameter;

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
  print_sections("show",
                 {{"run", "", facts, true},
                  {"attempts", "Attempts", attempts},
                  {"events", "Events", events},
                  {"metrics", "Metrics", metrics},
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
