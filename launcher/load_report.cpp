#include "launcher/load_report.h"

#include <utility>
#include <vector>

#include "experiments/json/shipped_studies.h"
#include "experiments/json/study_json.h"
#include "experiments/plan/plan.h"
#include "launcher/dataset_store.h"
#include "launcher/plan_view.h"
#include "launcher/results.h"
#include "reports/protocol.h"
#include "reports/reading/run_outcomes.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::Plan;
using experiments::Study;

std::vector<Assignment> configurations_of(const Plan& plan) {
  std::vector<Assignment> configurations;
  configurations.reserve(plan.configurations());
  for (std::size_t i = 0; i < plan.configurations(); ++i) {
    configurations.push_back(plan.assignment(i));
  }
  return configurations;
}

std::vector<reports::RunResult> join(const Plan& plan, const reports::RunOutcomes& outcomes) {
  std::vector<reports::RunResult> runs;
  runs.reserve(plan.trials.size());
  for (const experiments::PlannedTrial& trial : plan.trials) {
    reports::RunResult run{
        .run_id = trial.key.run_id(), .seed = trial.seed, .configuration = trial.configuration};
    if (const auto known = outcomes.find(trial.key.hex()); known != outcomes.end()) {
      run.state = known->second.state;
      run.objective = known->second.objective;
      run.best_epoch = known->second.best_epoch;
      run.value = known->second.value;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<std::string> deviations_of(const reports::StudyResults& results) {
  std::vector<Study> shipped;
  for (const experiments::ShippedStudy& study : experiments::shipped_studies()) {
    shipped.push_back(experiments::parse_study(study.text, std::string(study.name)));
  }
  const reports::PlannedStudy ours{results.study, results.configurations};
  const Study* const protocol = reports::find_protocol(results.study, shipped);
  if (protocol == nullptr) {
    return reports::find_deviations(ours);
  }
  experiments::PlanInputs inputs;
  inputs.hash_file = sha256_of_file;
  const auto configurations = configurations_of(experiments::make_plan(*protocol, inputs));
  return reports::find_deviations(ours, reports::PlannedStudy{*protocol, configurations});
}

}  // namespace

reports::StudyReport load_report(const LoadedStudy& loaded, const Settings& settings) {
  const Plan plan = plan_study(loaded, settings);
  reports::RunOutcomes outcomes;
  if (has_database(settings)) {
    storage::Query query = open_results(settings);
    outcomes = reports::read_run_outcomes(query, reports::table_of(loaded.study).metric);
  }
  reports::StudyResults results{.study = loaded.study,
                                .configurations = configurations_of(plan),
                                .selection = plan.selection,
                                .runs = join(plan, outcomes)};
  std::vector<std::string> deviations = deviations_of(results);
  return reports::make_report(std::move(results), std::move(deviations));
}

}  // namespace glimpse::launcher
