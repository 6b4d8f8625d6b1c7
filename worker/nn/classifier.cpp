#include "worker/nn/classifier.h"

#include <string>

#include <torch/torch.h>

#include "worker/nn/pool_relu.h"

namespace glimpse::worker {

Classifier::Classifier(const ClassifierOptions& o)
    : conv1_(register_module("conv1", std::make_shared<Convolution>(1, o.filters))),
      conv2_(register_module("conv2", std::make_shared<Convolution>(o.filters, o.filters))),
      conv3_(register_module("conv3", std::make_shared<Convolution>(o.filters, o.filters))),
      dense_(register_module("dense", std::make_shared<Dense>(o.features, o.dense))),
      has_third_dropout_(o.has_third_dropout) {
  // Layers of their own, because one layer for all digits would start from smaller weights.
  for (std::int64_t digit = 1; digit <= o.digits; ++digit) {
    softmaxes_.push_back(register_module("softmax" + std::to_string(digit),
                                         std::make_shared<Dense>(o.dense, o.classes)));
  }
}

torch::Tensor Classifier::forward(const torch::Tensor& images, Dropout& dropout) {
  torch::Tensor x = dropout.apply(pool_relu(conv1_->forward(images)));
  x = dropout.apply(pool_relu(conv2_->forward(x)));
  x = conv3_->forward(x).relu_();
  x = has_third_dropout_ ? dropout.apply(x) : x;
  x = dense_->forward(x.flatten(1)).relu_();
  std::vector<torch::Tensor> logits;
  for (const auto& softmax : softmaxes_) {
    logits.push_back(softmax->forward(x));
  }
  return torch::stack(logits, 1);
}

}  // namespace glimpse::worker
