#include "launcher/study_run.h"

#include <unordered_map>
#include <utility>

#include "experiments/dataset_table.h"
#include "experiments/hash/sha256.h"
#include "experiments/json/trial_json.h"
#include "experiments/model_table.h"
#include "launcher/plan_reuse.h"
#include "storage/files/atomic_file.h"
#include "storage/sqlite/results_store.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::PlannedTrial;
using storage::ResultsStore;

// Without the dataset's values, which are in the dataset's identity.
Assignment model_parameters(const Assignment& configuration) {
  Assignment parameters;
  for (const auto& [name, value] : configuration) {
    if (!name.starts_with(experiments::kDatasetPrefix)) {
      parameters.emplace(name, value);
    }
  }
  return parameters;
}

// What tells a trial from the others of its plan.
std::string label_of(const PlanView& view, const PlannedTrial& planned) {
  std::string label;
  for (std::size_t column = 0; column < view.plan.columns.size(); ++column) {
    const auto* const value = value_of(view.plan, planned.configuration, column);
    if (value != nullptr && view.plan.columns[column].values.size() > 1) {
      label += view.plan.columns[column].name + "=" + experiments::render_plain(*value) + " ";
    }
  }
  return planned.key.run_id().substr(0, 8) + " " + label + "seed=" + std::to_string(planned.seed);
}

}  // namespace

StudyRun::StudyRun(const LoadedStudy& loaded,
                   const Settings& settings,
                   storage::DatabaseThread& database)
    : loaded_(loaded),
      settings_(settings),
      database_(database),
      folder_(settings.results_dir()),
      text_hash_(experiments::hex(experiments::sha256(loaded.text)).substr(0, 32)) {
  const std::filesystem::path file = folder_.study_file(text_hash_);
  if (!std::filesystem::exists(file)) {
    storage::make_folders(file.parent_path());
    storage::write_file_atomically(file, loaded.text);
  }
}

storage::StudyId StudyRun::add_to_ledger(const PlanView& view, std::int64_t now_ms) {
  const experiments::Study& study = loaded_.study;
  // Entries are views, so what they point at is made first and stays where it is.
  std::vector<std::string> parameters;
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < view.plan.configurations(); ++i) {
    const Assignment assignment = view.plan.assignment(i);
    parameters.push_back(experiments::render_json(assignment));
    const auto model =
        std::get<std::string>(experiments::resolve(model_parameters(assignment)).at("model"));
    codes.push_back(std::to_string(experiments::find_model(model)->code));
  }
  std::vector<std::string> keys;
  keys.reserve(view.plan.trials.size());
  std::vector<storage::PlannedTrialEntry> entries;
  for (const PlannedTrial& trial : view.plan.trials) {
    keys.push_back(trial.key.hex());
    entries.push_back(
        {.key = keys.back(),
         .kind = "train",
         .code = codes.at(trial.configuration),
         .dataset = view.datasets.at(view.configurations.at(trial.configuration).dataset).identity,
         .arm = study.arm,
         .parameters_json = parameters.at(trial.configuration),
         .seed = trial.seed,
         .world_size = study.resources.members,
         .stage = static_cast<int>(trial.stage),
         .configuration = trial.configuration});
  }
  const storage::StudyEntry entry{
      .name = study.name,
      .text_hash = text_hash_,
      .resolved_json = experiments::print_study(study),
      .metric = study.metric.name,
      .is_maximized = study.metric.goal == experiments::Goal::kMaximize};
  return database_
      .submit([&](ResultsStore& store) {
        return store.ledger().add_plan(entry, entries, now_ms).study;
      })
      .get();
}

std::vector<RunnableTrial> StudyRun::plan(std::int64_t now_ms) {
  const PlanView view = make_plan_view(loaded_, settings_);
  const storage::StudyId study = add_to_ledger(view, now_ms);
  const std::vector<storage::TrialFacts> pending =
      database_
          .submit([study](ResultsStore& store) {
            return store.reader().trials(study, storage::TrialState::kPending);
          })
          .get();
  std::unordered_map<std::string, const PlannedTrial*> by_key;
  for (const PlannedTrial& trial : view.plan.trials) {
    by_key.emplace(trial.key.hex(), &trial);
  }
  std::unordered_map<std::string, std::string> earlier;  // run ids, by key of what goes on
  for (const auto& continued : find_reuse(loaded_, view, settings_).trials) {
    earlier.emplace(view.plan.trials.at(continued.trial).key.hex(), continued.from.run_id());
  }
  std::vector<RunnableTrial> runnable;
  for (const storage::TrialFacts& trial : pending) {
    const auto planned = by_key.find(trial.key);
    if (planned == by_key.end()) {
      continue;  // of an older revision of the study
    }
    runnable.push_back(make_runnable(view, *planned->second, trial.trial));
    if (const auto from = earlier.find(trial.key); from != earlier.end()) {
      for (const std::uint64_t number : folder_.list_attempts(from->second)) {
        runnable.back().start.continue_from.push_back(
            folder_.attempt_folder(from->second, number).path.string());
      }
    }
  }
  return runnable;
}

RunnableTrial StudyRun::make_runnable(const PlanView& view,
                                      const PlannedTrial& planned,
                                      storage::TrialId trial) const {
  const experiments::Study& study = loaded_.study;
  const PlannedConfiguration& configuration = view.configurations.at(planned.configuration);
  const Assignment resolved =
      experiments::resolve(model_parameters(view.plan.assignment(planned.configuration)));
  write_trial(view, planned, resolved);
  RunnableTrial runnable;
  runnable.trial = trial;
  runnable.flops = configuration.flops;
  runnable.label = label_of(view, planned);
  experiments::StartCommand& start = runnable.start;
  start.attempt.run = planned.key.run_id();
  start.key = planned.key.hex();
  start.parameters = resolved;
  start.seed = planned.seed;
  start.dataset = view.datasets.at(configuration.dataset).path.string();
  start.checkpoint_every_s = study.checkpoint_every_s;
  start.threads = study.resources.cores;
  start.metric = study.metric;
  return runnable;
}

void StudyRun::write_trial(const PlanView& view,
                           const PlannedTrial& planned,
                           const Assignment& resolved) const {
  const PlannedConfiguration& configuration = view.configurations.at(planned.configuration);
  experiments::TrialFile file{.key = planned.key.hex(),
                              .dataset = view.datasets.at(configuration.dataset).identity,
                              .arm = loaded_.study.arm,
                              .seed = planned.seed,
                              .world_size = loaded_.study.resources.members,
                              .parameters = resolved,
                              .origins = {}};
  const Assignment given = view.plan.assignment(planned.configuration);
  for (const auto& [name, value] : resolved) {
    const auto origin = loaded_.origins.find("/parameters/" + name);
    file.origins.emplace(name,
                         origin != loaded_.origins.end() ? origin->second
                         : given.contains(name)          ? loaded_.source
                                                         : "default");
  }
  folder_.write_trial(planned.key.run_id(), experiments::render_trial(file));
}

}  // namespace glimpse::launcher
