#pragma once

// Memory of the CPU that is written and then copied to where a network computes. One thread.

#include <cstdint>

#include <torch/types.h>

namespace glimpse::worker {

class HostBuffer {
 public:
  // `count` elements to write, which Tensor::to(device, non_blocking) then brings to `device`. For
  // the CPU they are the same ones every time, and what was taken before is overwritten. A GPU may
  // still be reading those, so for it they are others: pinned, so that nobody waits for the copy,
  // and used again by LibTorch once it is over.
  torch::Tensor take(std::int64_t count, torch::ScalarType type, torch::Device device);

 private:
  torch::Tensor kept_;  // as large as the largest that was taken
};

}  // namespace glimpse::worker
