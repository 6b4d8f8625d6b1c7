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

torch::Tensor pool(const torch::Tensor& x) {
  return torch::max_pool2d(x, /*kernel_size=*/2, /*stride=*/2);
}

torch::Tensor pool_relu(const torch::Tensor& x) {
  return pool(x).relu_();
}

}  // namespace glimpse::worker
