#include "worker/nn/localisation.h"

#include <torch/torch.h>

#include "worker/nn/pool_relu.h"

namespace glimpse::worker {

Localisation::Localisation(std::int64_t filters, bool has_dropout)
    : conv1_(register_module("conv1", std::make_shared<Convolution>(1, filters))),
      conv2_(register_module("conv2", std::make_shared<Convolution>(filters, filters))),
      conv3_(register_module("conv3", std::make_shared<Convolution>(filters, filters))),
      has_dropout_(has_dropout) {}

torch::Tensor Localisation::forward(const torch::Tensor& images, Dropout& dropout) {
  torch::Tensor x = pool_relu(conv1_->forward(pool_image(images)));
  x = conv2_->forward(x);
  // The released code drops between rectifier and pooling. Masks are never negative, so dropping
  // before the rectifier is the same.
  x = pool_relu(has_dropout_ ? dropout.apply(x) : x);
  return conv3_->forward(x).relu_().flatten(1);
}

}  // namespace glimpse::worker
