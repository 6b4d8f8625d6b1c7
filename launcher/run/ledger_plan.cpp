#include "launcher/run/ledger_plan.h"

#include "experiments/dataset_table.h"
#include "experiments/json/study_json.h"
#include "experiments/model_table.h"

namespace glimpse::launcher {
namespace {

using experiments::Assignment;
using experiments::PlannedTrial;
using experiments::Study;
using experiments::StudyKind;

bool is_command(const Study& study) {
  return study.kind == StudyKind::kCommand;
}

Assignment without_dataset(const Assignment& configuration) {
  Assignment parameters;
  for (const auto& [name, value] : configuration) {
    if (!name.starts_with(experiments::kDatasetPrefix)) {
      parameters.emplace(name, value);
    }
  }
  return parameters;
}

std::string model_code(const Study& study, const Assignment& configuration) {
  const auto model = std::get<std::string>(trial_parameters(study, configuration).at("model"));
  return std::to_string(experiments::find_model(model)->code);
}

}  // namespace

std::string trial_code(const Study& study,
                       const Assignment& configuration,
                       const std::string& command_code) {
  return is_command(study) ? command_code : model_code(study, configuration);
}

storage::StudyEntry study_entry(const Study& study, const std::string& text_hash) {
  return {.name = study.name,
          .text_hash = text_hash,
          .resolved_json = experiments::print_study(study),
          .metric = study.metric.name,
          .is_maximized = study.metric.goal == experiments::Goal::kMaximize};
}

std::string_view dataset_identity_of(const PlanView& view, std::uint32_t configuration) {
  return view.datasets.empty()
             ? std::string_view()
             : std::string_view(
                   view.datasets.at(view.configurations.at(configuration).dataset).identity);
}

Assignment trial_parameters(const Study& study, const Assignment& configuration) {
  return is_command(study) ? configuration : experiments::resolve(without_dataset(configuration));
}

LedgerPlan::LedgerPlan(const Study& study, const PlanView& view, const std::string& command_code) {
  for (std::uint32_t i = 0; i < view.plan.configurations(); ++i) {
    const Assignment assignment = view.plan.assignment(i);
    parameters_.push_back(experiments::render_json(assignment));
    codes_.push_back(trial_code(study, assignment, command_code));
    datasets_.emplace_back(dataset_identity_of(view, i));
  }
  keys_.reserve(view.plan.trials.size());
  for (const PlannedTrial& trial : view.plan.trials) {
    keys_.push_back(trial.key.hex());
    entries_.push_back({.key = keys_.back(),
                        .kind = is_command(study) ? "command" : "train",
                        .code = codes_.at(trial.configuration),
                        .dataset = datasets_.at(trial.configuration),
                        .arm = study.arm,
                        .parameters_json = parameters_.at(trial.configuration),
                        .seed = trial.seed,
                        .world_size = study.resources.members,
                        .stage = static_cast<int>(trial.stage),
                        .configuration = trial.configuration});
  }
}

}  // namespace glimpse::launcher
