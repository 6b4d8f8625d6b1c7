#pragma once

// Brings images of the mapped dataset to the device as the network wants them: as bytes, which the
// device itself makes numbers of. What load() returns is overwritten by the next call. It waits for
// nothing. One thread.

#include <cstdint>
#include <span>

#include <torch/types.h>

#include "experiments/dataset_spec.h"
#include "storage/hdf5/dataset_reader.h"
#include "worker/nn/host_buffer.h"

namespace glimpse::worker {

struct Batch {
  torch::Tensor images;  // (N, 1, H, W), 0 to 1
  torch::Tensor labels;  // (N, digits), int64
};

class BatchLoader {
 public:
  BatchLoader(const experiments::ImageShape& shape, const torch::TensorOptions& options);

  Batch load(const storage::SplitData& split, std::span<const std::uint32_t> samples);

 private:
  void make_room(std::int64_t images);

  experiments::ImageShape shape_;
  torch::TensorOptions options_;
  HostBuffer host_images_;
  HostBuffer host_labels_;
  torch::Tensor images_;
  torch::Tensor labels_;
};

}  // namespace glimpse::worker
