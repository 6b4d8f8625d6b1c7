#include "worker/trial_identity.h"

#include "experiments/plan/trial_key.h"
#include "storage/storage_error.h"

namespace glimpse::worker {

experiments::TrialFile identify_trial(experiments::TrialFile trial,
                                      const std::string& dataset_identity,
                                      const std::filesystem::path& source) {
  const auto refuse = [&](const std::string& why) {
    throw storage::StorageError(
        storage::StorageFault::kForeign, source, "take trial " + source.string() + ": " + why);
  };
  if (!trial.dataset.empty() && trial.dataset != dataset_identity) {
    refuse("its dataset is " + trial.dataset + ", the one given is " + dataset_identity);
  }
  trial.dataset = dataset_identity;
  const std::string key = experiments::make_training_key({.parameters = trial.parameters,
                                                          .dataset = trial.dataset,
                                                          .arm = trial.arm,
                                                          .world_size = trial.world_size,
                                                          .seed = trial.seed})
                              .hex();
  if (!trial.key.empty() && trial.key != key) {
    refuse("its key is " + trial.key + ", but its values give " + key);
  }
  trial.key = key;
  return trial;
}

}  // namespace glimpse::worker
