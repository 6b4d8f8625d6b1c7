#pragma once

// What a network with its trained weights sees, gathered for crops.h5: the first images of a split
// with its predictions and, where it takes glimpses, their places and contents. For the engine's
// thread.

#include <cstdint>
#include <string>

#include "experiments/recipes/split.h"
#include "experiments/value.h"
#include "storage/hdf5/crops_file.h"
#include "worker/dataset_shelf.h"
#include "worker/engine.h"

namespace glimpse::worker {

// Always the first ones, so that all trials of a dataset show the same.
inline constexpr std::uint64_t kCropsImages = 24;

struct CropsRequest {
  std::string key;  // of the trial
  std::uint64_t seed = 1;
  experiments::Assignment parameters;
  experiments::Split split = experiments::Split::kTest;
  Weights weights = Weights::kBest;
  std::uint64_t images = kCropsImages;  // fewer where the split has no more
};

// Leaves the engine with its current weights in use.
storage::Crops make_crops(Engine& engine, const DatasetShelf& shelf, const CropsRequest& request);

}  // namespace glimpse::worker
