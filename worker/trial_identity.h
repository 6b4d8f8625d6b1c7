#pragma once

// Which trial a trial.json means beside a dataset: the file may leave out its key and its dataset's
// identity, but what it says must be true. Pure.

#include <filesystem>
#include <string>

#include "experiments/json/trial_json.h"

namespace glimpse::worker {

// The trial with the key that its values and this dataset give it. Throws StorageError, which names
// `source`, where the file names another key or dataset.
experiments::TrialFile identify_trial(experiments::TrialFile trial,
                                      const std::string& dataset_identity,
                                      const std::filesystem::path& source);

}  // namespace glimpse::worker
