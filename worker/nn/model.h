#pragma once

// What a trainer knows of a network: images in, logits out, and where the network looked. The three
// networks of the RNN-SPN paper are behind one switch; each has a file pair of its own.

#include <cstdint>
#include <memory>

#include <torch/nn/module.h>

#include "experiments/dataset_spec.h"
#include "experiments/value.h"
#include "worker/nn/dropout.h"

namespace glimpse::worker {

struct ModelOutput {
  torch::Tensor logits;  // (N, digits, classes)
  torch::Tensor theta;   // (N, glimpses, 2, 3); undefined for a network without glimpses
  torch::Tensor crops;   // (N, glimpses, height, width); undefined likewise
};

class Model : public torch::nn::Module {
 public:
  // images: (N, 1, H, W) in [0, 1], without gradient. Never waits for the device.
  virtual ModelOutput forward(const torch::Tensor& images, Dropout& dropout) = 0;
};

// The network that these resolved parameters describe, of float weights that are all zero. Throws
// std::invalid_argument with experiments::geometry_problem's text where it cannot read such images.
std::shared_ptr<Model> make_model(const experiments::Assignment& resolved,
                                  const experiments::ImageShape& shape);

// The weights that training starts from are Lasagne's defaults of 2015, not LibTorch's.
// Convolutions and dense layers: Glorot uniform, biases zero. GRU: normal with standard deviation
// 0.1, bias and first state zero. Theta: zero weights and the identity as its bias. Tensor number t
// of named_parameters() takes its values from stream t of the seed, in logical order and double
// precision, then rounds them to its type; so neither threads nor layout nor device matter.
void init_weights(Model& model, std::uint64_t seed);

}  // namespace glimpse::worker
