#pragma once

// The network that looks at the whole image to say where to look: three valid convolutions, each
// behind a pooling. RNN-SPN and FFN-SPN share it. One thread at a time.

#include <cstdint>
#include <memory>

#include "worker/nn/dropout.h"
#include "worker/nn/layers.h"

namespace glimpse::worker {

class Localisation : public torch::nn::Module {
 public:
  Localisation(std::int64_t filters, bool has_dropout);

  // images: (N, 1, H, W). Returns (N, features), flattened in the order (C, H, W).
  torch::Tensor forward(const torch::Tensor& images, Dropout& dropout);

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<Convolution> conv2_;
  std::shared_ptr<Convolution> conv3_;
  bool has_dropout_;
};

}  // namespace glimpse::worker
