#pragma once

// `eval`: what a checkpoint's weights make of a split.

#include <string>

#include "worker/trained_trial.h"

namespace glimpse::worker {

// What to print. Throws as open_trained_trial() does.
std::string eval(const TrainedTrialOptions& options, bool is_json, const EngineFactory& engines);

}  // namespace glimpse::worker
