#include "worker/nn/rnn_spn.h"

#include <vector>

#include <torch/torch.h>

namespace glimpse::worker {

RnnSpn::RnnSpn(const RnnSpnOptions& o)
    : glimpses_(o.glimpses),
      glimpse_(o.glimpse),
      localisation_(register_module(
          "localisation",
          std::make_shared<Localisation>(o.localisation_filters, o.has_localisation_dropout))),
      gru_(register_module("gru", std::make_shared<GruCell>(o.gru))),
      theta_(register_module("theta", std::make_shared<Dense>(o.gru.units, kThetaSize))),
      classifier_(register_module("classifier", std::make_shared<Classifier>(o.classifier))) {}

// One transform per glimpse: (N, glimpses, 2, 3).
torch::Tensor RnnSpn::look(const torch::Tensor& images, Dropout& dropout) {
  const torch::Tensor projected = gru_->project(localisation_->forward(images, dropout));
  torch::Tensor h = gru_->first_state(images.size(0));
  std::vector<torch::Tensor> states;
  for (std::int64_t t = 0; t < glimpses_; ++t) {
    h = gru_->step(projected, h);
    states.push_back(h);
  }
  return theta_->forward(torch::stack(states, 1)).view({-1, glimpses_, 2, 3});
}

ModelOutput RnnSpn::forward(const torch::Tensor& images, Dropout& dropout) {
  const torch::Tensor theta = look(images, dropout);
  const torch::Tensor crops = sample_affine(images, theta, glimpse_);
  // The glimpses of an image one after another: to the classifier each is an image of its own.
  const torch::Tensor logits =
      classifier_->forward(crops.view({-1, 1, glimpse_.height, glimpse_.width}), dropout);
  return {logits.view({-1, glimpses_, logits.size(2)}), theta, crops};
}

}  // namespace glimpse::worker
