#include "worker/nn/ffn_spn.h"

#include <torch/torch.h>

namespace glimpse::worker {

FfnSpn::FfnSpn(const FfnSpnOptions& o)
    : glimpse_(o.glimpse),
      // The released code drops units here in the recurrent network alone.
      localisation_(register_module("localisation",
                                    std::make_shared<Localisation>(o.localisation_filters,
                                                                   /*has_dropout=*/false))),
      dense_(register_module(
          "dense", std::make_shared<Dense>(o.localisation_features, o.localisation_dense))),
      theta_(register_module("theta", std::make_shared<Dense>(o.localisation_dense, kThetaSize))),
      classifier_(register_module("classifier", std::make_shared<Classifier>(o.classifier))) {}

// One transform per image: (N, 1, 2, 3).
torch::Tensor FfnSpn::look(const torch::Tensor& images, Dropout& dropout) {
  const torch::Tensor features = localisation_->forward(images, dropout);
  return theta_->forward(dense_->forward(features).relu_()).view({-1, 1, 2, 3});
}

ModelOutput FfnSpn::forward(const torch::Tensor& images, Dropout& dropout) {
  const torch::Tensor theta = look(images, dropout);
  const torch::Tensor crops = sample_affine(images, theta, glimpse_);  // (N, 1, height, width)
  return {classifier_->forward(crops, dropout), theta, crops};
}

}  // namespace glimpse::worker
