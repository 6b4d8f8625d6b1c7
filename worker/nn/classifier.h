#pragma once

// The network that reads digits from an image or from a glimpse of it: three valid convolutions
// with two poolings, a dense layer, and one softmax per digit it has to name. One thread at a time.

#include <cstdint>
#include <memory>
#include <vector>

#include "worker/nn/dropout.h"
#include "worker/nn/layers.h"

namespace glimpse::worker {

struct ClassifierOptions {
  std::int64_t filters = 0;
  std::int64_t features = 0;  // what the third convolution leaves of an image
  std::int64_t dense = 0;
  std::int64_t digits = 0;  // to name per image
  std::int64_t classes = 0;
  bool has_third_dropout = false;
};

class Classifier : public torch::nn::Module {
 public:
  explicit Classifier(const ClassifierOptions& options);

  // images: (M, 1, h, w). Returns logits (M, digits, classes).
  torch::Tensor forward(const torch::Tensor& images, Dropout& dropout);

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<Convolution> conv2_;
  std::shared_ptr<Convolution> conv3_;
  std::shared_ptr<Dense> dense_;
  std::vector<std::shared_ptr<Dense>> softmaxes_;
  bool has_third_dropout_;
};

}  // namespace glimpse::worker
