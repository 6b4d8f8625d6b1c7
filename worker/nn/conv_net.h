#pragma once

// The convolutional network that the RNN-SPN paper compares with: the classifier of the FFN-SPN,
// reading the whole image.

#include <memory>

#include "worker/nn/classifier.h"
#include "worker/nn/model.h"

namespace glimpse::worker {

class ConvNet : public Model {
 public:
  explicit ConvNet(const ClassifierOptions& options);
  ModelOutput forward(const torch::Tensor& images, Dropout& dropout) override;

 private:
  std::shared_ptr<Classifier> classifier_;
};

}  // namespace glimpse::worker
