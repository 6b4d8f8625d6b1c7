#include "launcher/commands/reproduce.h"

#include <algorithm>

#include "experiments/faults.h"
#include "experiments/json/shipped_studies.h"
#include "experiments/units.h"
#include "launcher/commands/check.h"
#include "launcher/commands/dataset.h"
#include "launcher/commands/plan.h"
#include "launcher/commands/report.h"
#include "launcher/commands/run.h"
#include "launcher/mnist_source.h"
#include "launcher/plan_view.h"
#include "launcher/run/runnable.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::DatasetSpec;
using experiments::ExitCode;

std::string preset_study(const ReproduceOptions& options) {
  std::string name = options.table + (options.preset == "full" ? "" : "-" + options.preset);
  if (experiments::find_shipped_study(name) == nullptr) {
    throw UsageError("reproduce: there is no table '" + options.table + "' with preset " +
                     options.preset +
                     " (glimpse completion --candidates "
                     "studies names what is shipped)");
  }
  return name;
}

// A study may ask for GPUs that this build or machine does not have; where a trial runs does not
// change its identity.
LoadedStudy load_runnable(const std::string& name,
                          const ReproduceOptions& options,
                          Env& env,
                          std::vector<std::string>& overrides) {
  overrides = options.overrides;
  LoadedStudy loaded = load_study(name, overrides, env.settings);
  if (uses_gpus(loaded.study) && !std::filesystem::exists(worker_program(loaded.study, env))) {
    env.log.info("reproduce: this build trains on cores, so resources.gpus=0");
    overrides.emplace_back("resources.gpus=0");
    loaded = load_study(name, overrides, env.settings);
  }
  return loaded;
}

bool needs_mnist(const LoadedStudy& loaded, const Settings& settings) {
  const auto datasets = planned_datasets(loaded.study, plan_study(loaded, settings), settings);
  return std::ranges::any_of(datasets, [](const PlannedDataset& dataset) {
    return dataset.spec.file.empty() && !dataset.is_built &&
           dataset.spec.source == experiments::DigitSourceKind::kMnist;
  });
}

void find_data(const LoadedStudy& loaded, const ReproduceOptions& options, Env& env) {
  if (!needs_mnist(loaded, env.settings)) {
    return;
  }
  if (options.fetches && !find_mnist(mnist_places(env.settings, env.environment))) {
    DatasetFetchOptions fetch;
    fetch.common = options.common;
    dataset_fetch(fetch, env);
  }
  static_cast<void>(find_mnist_or_throw(env));
}

std::string checked_budget(const ReproduceOptions& options) {
  if (!options.budget.empty() && !experiments::parse_duration(options.budget)) {
    throw UsageError("reproduce: --budget " + options.budget + ": give a time such as 90m or 8h");
  }
  return options.budget;
}

}  // namespace

int reproduce(const ReproduceOptions& options, Env& env) {
  RunOptions run;
  run.study = preset_study(options);
  run.until = checked_budget(options);
  run.slots = options.slots;
  const LoadedStudy loaded = load_runnable(run.study, options, env, run.overrides);
  find_data(loaded, options, env);

  PlanOptions plan_options;
  plan_options.study = run.study;
  plan_options.overrides = run.overrides;
  plan(plan_options, env);
  env.out << '\n' << std::flush;

  const RunEnd end = run_study(run, loaded, env);
  if (!end.is_lead || (end.code != 0 && end.code != static_cast<int>(ExitCode::kTrialsFailed))) {
    return end.code;
  }
  // By its name: the results hold the study as it was run, overrides included.
  CheckOptions check_options;
  check_options.study = run.study;
  const int verdict = check(check_options, env);
  env.out << "\nThe report: " << std::flush;
  ReportOptions report_options;
  report_options.study = run.study;
  report(report_options, env);
  return verdict;
}

}  // namespace glimpse::launcher
