#include "worker/nn/conv_net.h"

#include <torch/torch.h>

namespace glimpse::worker {

ConvNet::ConvNet(const ClassifierOptions& options)
    : classifier_(register_module("classifier", std::make_shared<Classifier>(options))) {}

ModelOutput ConvNet::forward(const torch::Tensor& images, Dropout& dropout) {
  return {.logits = classifier_->forward(images, dropout), .theta = {}, .crops = {}};
}

}  // namespace glimpse::worker
