#pragma once

// `crops`: crops.h5 of any checkpoint, and a picture of it for people.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "worker/crops.h"
#include "worker/trained_trial.h"

namespace glimpse::worker {

struct CropsAloneOptions {
  TrainedTrialOptions of;
  std::filesystem::path out;
  std::optional<std::filesystem::path> picture = {};  // PNG
  std::uint64_t images = kCropsImages;
};

// Makes the folders of what it writes. Throws as open_trained_trial() does, and TrainError for an
// output that cannot be made.
void crops_alone(const CropsAloneOptions& options, const EngineFactory& engines);

}  // namespace glimpse::worker
