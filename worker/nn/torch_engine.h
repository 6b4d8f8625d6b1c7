#pragma once

// The Engine that computes with LibTorch, on any device it has. See engine.h.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "experiments/dataset_spec.h"
#include "experiments/value.h"
#include "storage/hdf5/dataset_reader.h"
#include "worker/engine.h"

namespace glimpse::worker {

enum class Precision { kFloat, kDouble };

struct EngineOptions {
  experiments::Assignment parameters;  // resolved
  experiments::ImageShape shape;
  std::uint64_t seed = 1;
  std::array<storage::SplitData, 3> splits;  // must outlive the engine
  std::string device = "cpu";
  Precision precision = Precision::kFloat;
};

// Of fresh weights. Throws std::invalid_argument where the network cannot read such images.
std::unique_ptr<Engine> make_torch_engine(const EngineOptions& options);

}  // namespace glimpse::worker
