#pragma once

// RNN-SPN, the recurrent spatial transformer of arXiv 1509.05329: a GRU that reads the whole image
// again at every step says where the next digit is, and a classifier reads that glimpse.

#include <cstdint>
#include <memory>

#include "worker/nn/affine_sampler.h"
#include "worker/nn/classifier.h"
#include "worker/nn/gru_cell.h"
#include "worker/nn/localisation.h"
#include "worker/nn/model.h"

namespace glimpse::worker {

struct RnnSpnOptions {
  std::int64_t glimpses = 0;  // one per digit
  std::int64_t localisation_filters = 0;
  bool has_localisation_dropout = true;
  GruOptions gru;
  GlimpseOptions glimpse;
  ClassifierOptions classifier;  // of one digit per glimpse
};

class RnnSpn : public Model {
 public:
  explicit RnnSpn(const RnnSpnOptions& options);
  ModelOutput forward(const torch::Tensor& images, Dropout& dropout) override;

 private:
  torch::Tensor look(const torch::Tensor& images, Dropout& dropout);

  std::int64_t glimpses_;
  GlimpseOptions glimpse_;
  std::shared_ptr<Localisation> localisation_;
  std::shared_ptr<GruCell> gru_;
  std::shared_ptr<Dense> theta_;
  std::shared_ptr<Classifier> classifier_;
};

}  // namespace glimpse::worker
