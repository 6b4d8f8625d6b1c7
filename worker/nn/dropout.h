#pragma once

// Dropout whose random numbers have names: every element of every image of a batch is kept or
// dropped by a number that depends on seed, epoch, sample and the element's place in the network
// alone. So a run repeats itself whatever the number of threads, the memory layout, the device, or
// the batch an image happens to share. One object serves one network on one thread.

#include <cstdint>
#include <span>
#include <vector>

#include <torch/types.h>

#include "worker/nn/host_buffer.h"

namespace glimpse::worker {

class Dropout {
 public:
  // `samples` are the dataset indices of the images, in the order of the batch. 0 <= rate < 1.
  // The masks of the batch before are overwritten, so its backward pass must be over.
  void begin_batch(std::uint64_t seed,
                   std::uint32_t epoch,
                   std::span<const std::uint32_t> samples,
                   double rate);

  // x: (N, C, H, W), or (N*g, C, H, W) with the g glimpses of an image one after another; float or
  // double. Returns x times a mask of 0 and 1/(1-rate). The n-th image's element i in (g, C, H, W)
  // order is kept where number `position + i` of its stream, as a fraction of 2^32, is at least the
  // rate; `position` grows by the elements per image with every call, so no two sites of a network
  // share a number. Returns x itself for rate 0, and as long as no batch has begun.
  torch::Tensor apply(const torch::Tensor& x);

 private:
  // On the CPU, of the shape, type and memory layout of x; its elements are still to be written.
  torch::Tensor empty_mask(const torch::Tensor& x);
  template <typename Real>
  void fill(const torch::Tensor& mask);

  std::uint64_t seed_ = 0;
  std::uint32_t epoch_ = 0;
  std::vector<std::uint32_t> samples_;
  double rate_ = 0;
  std::uint64_t position_ = 0;
  std::size_t site_ = 0;                // calls of apply since begin_batch
  std::vector<HostBuffer> buffers_;     // one per site
  std::vector<std::uint32_t> numbers_;  // of one image and site, one row per thread
};

}  // namespace glimpse::worker
