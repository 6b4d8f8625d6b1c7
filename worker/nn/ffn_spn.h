#pragma once

// FFN-SPN, the feed-forward spatial transformer that the RNN-SPN paper compares with: one glimpse
// has to hold all digits.

#include <cstdint>
#include <memory>

#include "worker/nn/affine_sampler.h"
#include "worker/nn/classifier.h"
#include "worker/nn/localisation.h"
#include "worker/nn/model.h"

namespace glimpse::worker {

struct FfnSpnOptions {
  std::int64_t localisation_filters = 0;
  std::int64_t localisation_features = 0;  // what its third convolution leaves of an image
  std::int64_t localisation_dense = 0;
  GlimpseOptions glimpse;
  ClassifierOptions classifier;
};

class FfnSpn : public Model {
 public:
  explicit FfnSpn(const FfnSpnOptions& options);
  ModelOutput forward(const torch::Tensor& images, Dropout& dropout) override;

 private:
  torch::Tensor look(const torch::Tensor& images, Dropout& dropout);

  GlimpseOptions glimpse_;
  std::shared_ptr<Localisation> localisation_;
  std::shared_ptr<Dense> dense_;
  std::shared_ptr<Dense> theta_;
  std::shared_ptr<Classifier> classifier_;
};

}  // namespace glimpse::worker
