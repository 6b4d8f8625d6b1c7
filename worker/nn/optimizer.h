#pragma once

// Takes a step along the gradient: limits it, then updates all weights at once. Everything it
// remembers lies in tensors on the device, so a step never waits and a saved optimiser goes on bit
// for bit. LibTorch's own cannot express the released code's RMSprop, whose epsilon stands inside
// the root. One thread.

#include <string>
#include <vector>

#include <torch/types.h>

#include "worker/nn/flat_parameters.h"
#include "worker/recipe.h"

namespace glimpse::worker {

class Optimizer {
 public:
  // `weights` and `gradients` are flat buffers, shared with their owner.
  Optimizer(const OptimizerRecipe& recipe,
            const torch::Tensor& weights,
            const torch::Tensor& gradients);

  void set_learning_rate(double rate);
  void step();

  // Sums over steps, one element each: the norm after the elementwise clip (double), and how many
  // elements that clip cut (int64).
  [[nodiscard]] const torch::Tensor& norm_sum() const { return norm_sum_; }
  [[nodiscard]] const torch::Tensor& clipped_sum() const { return clipped_sum_; }

  // Buffers as long as the weights, and single numbers; which there are depends on the rule.
  [[nodiscard]] const std::vector<NamedView>& buffers() const { return buffers_; }
  [[nodiscard]] const std::vector<NamedView>& scalars() const { return scalars_; }

 private:
  // A part of every buffer, at the same place in each.
  struct Slice {
    torch::Tensor weights;
    torch::Tensor gradients;
    torch::Tensor scratch;
    torch::Tensor square;
    torch::Tensor mean;
    torch::Tensor moment;
  };

  torch::Tensor add_buffer(const char* name);
  torch::Tensor add_scalar(const char* name, double value);
  void make_slices();
  void clip_elements();
  [[nodiscard]] torch::Tensor measure_norm();
  void step_slice(const Slice& slice) const;
  void step_rmsprop(const Slice& slice) const;
  void step_adam(const Slice& slice) const;
  void step_sgd(const Slice& slice) const;

  OptimizerRecipe recipe_;
  torch::Tensor weights_;
  torch::Tensor gradients_;
  torch::Tensor rate_;  // of their type, so that arithmetic stays in it
  torch::Tensor norm_sum_;
  torch::Tensor clipped_sum_;
  std::vector<NamedView> buffers_;
  std::vector<NamedView> scalars_;
  torch::Tensor square_;  // rmsprop, adam: running mean of squares
  torch::Tensor mean_;    // adam: running mean
  torch::Tensor moment_;  // sgd: what is kept of earlier steps
  torch::Tensor beta1_power_;
  torch::Tensor beta2_power_;
  std::vector<Slice> slices_;
};

}  // namespace glimpse::worker
