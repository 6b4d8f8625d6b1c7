#include "launcher/rebuild_trials.h"

#include "experiments/json_writer.h"
#include "launcher/run/ledger_plan.h"

namespace glimpse::launcher {

std::string version_free_text(const experiments::TrialFile& trial) {
  experiments::JsonWriter json;
  json.begin_object();
  json.key("kind").string(trial.is_command ? "command" : "train");
  json.key("dataset").string(trial.dataset);
  json.key("arm").string(trial.arm);
  json.key("seed").integer(static_cast<std::int64_t>(trial.seed));
  json.key("world_size").integer(trial.world_size);
  json.key("parameters").raw(experiments::render_json(trial.parameters));
  json.end_object();
  return json.text();
}

std::string version_free_text(const experiments::Study& study,
                              const PlanView& view,
                              const experiments::PlannedTrial& trial) {
  experiments::TrialFile file;
  file.is_command = study.kind == experiments::StudyKind::kCommand;
  file.dataset = dataset_identity_of(view, trial.configuration);
  file.arm = study.arm;
  file.seed = trial.seed;
  file.world_size = study.resources.members;
  file.parameters = trial_parameters(study, view.plan.assignment(trial.configuration));
  return version_free_text(file);
}

void PlacesInPlans::add(const std::string& text,
                        const std::string& study_name,
                        const std::string& key,
                        PlaceInPlan place) {
  const auto [found, is_new] =
      owners_.try_emplace(text, Owner{.name = study_name, .key = key, .places = {}});
  Owner& owner = found->second;
  if (owner.key == key) {
    owner.places.push_back(place);
  } else if (owner.name == study_name) {
    owner.key = key;
    owner.places = {place};
  } else {
    owner.is_unclear = true;
  }
}

std::vector<PlaceInPlan> PlacesInPlans::find(const std::string& text) const {
  const auto found = owners_.find(text);
  return found == owners_.end() || found->second.is_unclear ? std::vector<PlaceInPlan>()
                                                            : found->second.places;
}

}  // namespace glimpse::launcher
