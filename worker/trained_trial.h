#pragma once

// A trial as a checkpoint left it, ready to look at images: what `eval` and `crops` begin with. For
// one thread.

#include <filesystem>
#include <memory>
#include <optional>

#include "experiments/json/trial_json.h"
#include "experiments/recipes/split.h"
#include "worker/dataset_shelf.h"
#include "worker/engine.h"
#include "worker/execute.h"
#include "worker/position.h"

namespace glimpse::worker {

struct TrainedTrialOptions {
  std::filesystem::path checkpoint;
  std::filesystem::path dataset;
  // Without it, the trial.json of the run folder, above that of the attempt.
  std::optional<std::filesystem::path> trial = {};
  experiments::Split split = experiments::Split::kTest;
  Weights weights = Weights::kBest;
  std::string device = "cpu";
  int threads = 1;
};

struct TrainedTrial {
  experiments::TrialFile trial;
  Position position;
  DatasetShelf shelf;
  std::unique_ptr<Engine> engine;  // with the current weights in use
};

// Throws StorageError or StudyError for files that are missing, damaged or do not belong together,
// and where the best weights are asked for and none were kept yet.
TrainedTrial open_trained_trial(const TrainedTrialOptions& options, const EngineFactory& engines);

}  // namespace glimpse::worker
