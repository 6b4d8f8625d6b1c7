#include "worker/nn/layers.h"

#include <torch/torch.h>

namespace glimpse::worker {

constexpr std::int64_t kKernel = 3;

Convolution::Convolution(std::int64_t channels, std::int64_t filters) {
  // Tensor::contiguous(ChannelsLast) leaves a weight of one channel as it is, and the convolution
  // then falls back to the slow layout; so the weight is made in its order of memory.
  const torch::Tensor weight = torch::zeros({filters, kKernel, kKernel, channels});
  weight_ = register_parameter("weight", weight.permute({0, 3, 1, 2}));
  bias_ = register_parameter("bias", torch::zeros({filters}));
}

torch::Tensor Convolution::forward(const torch::Tensor& x) {
  return torch::conv2d(x, weight_, bias_);
}

Dense::Dense(std::int64_t inputs, std::int64_t outputs)
    : weight_(register_parameter("weight", torch::zeros({outputs, inputs}))),
      bias_(register_parameter("bias", torch::zeros({outputs}))) {}

torch::Tensor Dense::forward(const torch::Tensor& x) {
  return torch::linear(x, weight_, bias_);
}

// Of every second row and the one below, then of every second column and the one beside: pixels in
// an order that nobody can foretell are ten times as slow to compare one by one.
torch::Tensor pool_image(const torch::Tensor& images) {
  using torch::indexing::Slice;
  const std::int64_t height = images.size(2) / 2 * 2;
  const std::int64_t width = images.size(3) / 2 * 2;
  const torch::Tensor rows = torch::maximum(images.index({"...", Slice(0, height, 2), Slice()}),
                                            images.index({"...", Slice(1, height, 2), Slice()}));
  return torch::maximum(rows.index({"...", Slice(0, width, 2)}),
                        rows.index({"...", Slice(1, width, 2)}));
}

}  // namespace glimpse::worker
