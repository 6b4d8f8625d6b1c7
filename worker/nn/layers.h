#pragma once

// The two layers with weights that every network here is made of. Weights are zero until
// init_weights or a checkpoint sets them. Modules own their parameters; one thread at a time.

#include <cstdint>

#include <torch/nn/module.h>

namespace glimpse::worker {

// A valid 3x3 convolution of stride 1, with a bias. Its weight (filters, channels, 3, 3) lies in
// memory channels last, which makes its output channels last too.
class Convolution : public torch::nn::Module {
 public:
  Convolution(std::int64_t channels, std::int64_t filters);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::Tensor weight_;
  torch::Tensor bias_;
};

// weight (outputs, inputs), bias (outputs).
class Dense : public torch::nn::Module {
 public:
  Dense(std::int64_t inputs, std::int64_t outputs);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::Tensor weight_;
  torch::Tensor bias_;
};

// Max-pooling 2x2 with stride 2, an odd last row or column left out, of images (N, C, H, W) without
// gradient.
torch::Tensor pool_image(const torch::Tensor& images);

}  // namespace glimpse::worker
