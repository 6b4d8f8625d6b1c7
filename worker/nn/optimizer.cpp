#include "worker/nn/optimizer.h"

#include <torch/torch.h>

namespace glimpse::worker {

Optimizer::Optimizer(const OptimizerRecipe& recipe,
                     const torch::Tensor& weights,
                     const torch::Tensor& gradients)
    : recipe_(recipe),
      weights_(weights),
      gradients_(gradients),
      scratch_(torch::zeros_like(weights)),
      rate_(torch::zeros({}, weights.options())),
      norm_sum_(torch::zeros({}, weights.options().dtype(torch::kFloat64))),
      clipped_sum_(torch::zeros({}, weights.options().dtype(torch::kInt64))) {
  set_learning_rate(recipe.learning_rate);
  switch (recipe.rule) {
    case UpdateRule::kRmsprop:
      square_ = add_buffer("square");
      break;
    case UpdateRule::kAdam:
    case UpdateRule::kAdamw:
      mean_ = add_buffer("mean");
      square_ = add_buffer("square");
      beta1_power_ = add_scalar("beta1_power", 1);
      beta2_power_ = add_scalar("beta2_power", 1);
      break;
    case UpdateRule::kSgd:
      moment_ = recipe.momentum > 0 ? add_buffer("moment") : torch::Tensor();
      break;
  }
}

torch::Tensor Optimizer::add_buffer(const char* name) {
  buffers_.push_back({name, torch::zeros_like(weights_)});
  return buffers_.back().tensor;
}

torch::Tensor Optimizer::add_scalar(const char* name, double value) {
  scalars_.push_back({name, torch::full({}, value, weights_.options().dtype(torch::kFloat64))});
  return scalars_.back().tensor;
}

void Optimizer::set_learning_rate(double rate) {
  rate_.fill_(rate);
}

void Optimizer::step() {
  const torch::NoGradGuard no_grad;
  limit_gradient();
  switch (recipe_.rule) {
    case UpdateRule::kRmsprop:
      step_rmsprop();
      break;
    case UpdateRule::kAdam:
    case UpdateRule::kAdamw:
      step_adam();
      break;
    case UpdateRule::kSgd:
      step_sgd();
      break;
  }
}

// First every element to [-clip, clip], then the whole to at most norm_limit, as Lasagne does it:
// g *= min(norm, limit) / (1e-7 + norm).
void Optimizer::limit_gradient() {
  if (recipe_.clip > 0) {
    at::abs_out(scratch_, gradients_);
    clipped_sum_.add_(scratch_.gt_(recipe_.clip).sum(torch::kInt64));
    gradients_.clamp_(-recipe_.clip, recipe_.clip);
  }
  const torch::Tensor norm = gradients_.norm();
  norm_sum_.add_(norm);
  if (recipe_.norm_limit > 0) {
    gradients_.mul_(norm.clamp_max(recipe_.norm_limit) / (norm + 1e-7));
  }
}

void Optimizer::step_rmsprop() {
  square_.mul_(recipe_.decay).addcmul_(gradients_, gradients_, 1 - recipe_.decay);
  at::add_out(scratch_, square_, recipe_.epsilon);
  scratch_.sqrt_();
  at::div_out(scratch_, gradients_, scratch_);
  weights_.sub_(scratch_.mul_(rate_));
}

void Optimizer::step_adam() {
  beta1_power_.mul_(recipe_.beta1);
  beta2_power_.mul_(recipe_.beta2);
  if (recipe_.rule == UpdateRule::kAdamw) {
    weights_.mul_(1 - rate_ * recipe_.weight_decay);
  }
  mean_.mul_(recipe_.beta1).add_(gradients_, 1 - recipe_.beta1);
  square_.mul_(recipe_.beta2).addcmul_(gradients_, gradients_, 1 - recipe_.beta2);
  at::div_out(scratch_, square_, 1 - beta2_power_);
  scratch_.sqrt_().add_(recipe_.epsilon);
  at::div_out(scratch_, mean_, scratch_);
  weights_.sub_(scratch_.mul_(rate_ / (1 - beta1_power_)));
}

void Optimizer::step_sgd() {
  at::mul_out(scratch_, gradients_, rate_);
  if (moment_.defined()) {
    moment_.mul_(recipe_.momentum).add_(gradients_);
    if (recipe_.is_nesterov) {
      at::add_out(scratch_, gradients_, moment_, recipe_.momentum);
    } else {
      scratch_.copy_(moment_);
    }
    scratch_.mul_(rate_);
  }
  weights_.sub_(scratch_);
}

}  // namespace glimpse::worker
