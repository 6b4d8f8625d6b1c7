#include "worker/nn/optimizer.h"

#include <algorithm>

#include <torch/torch.h>

namespace glimpse::worker {
namespace {

// An update passes some ten times over its buffers. A processor does that slice by slice, so that
// the second pass finds in its own cache what the first one brought. A GPU's slices are as long as
// a float counts exactly, which the count of clipped elements needs of both.
std::int64_t slice_elements(const torch::Tensor& buffer) {
  constexpr std::int64_t kCacheElements = std::int64_t{1} << 15;
  constexpr std::int64_t kCountableElements = std::int64_t{1} << 24;
  return buffer.device().is_cpu() ? kCacheElements : kCountableElements;
}

torch::Tensor slice_of(const torch::Tensor& buffer, std::int64_t first, std::int64_t count) {
  return buffer.defined() ? buffer.narrow(0, first, count) : buffer;
}

}  // namespace

Optimizer::Optimizer(const OptimizerRecipe& recipe,
                     const torch::Tensor& weights,
                     const torch::Tensor& gradients)
    : recipe_(recipe),
      weights_(weights),
      gradients_(gradients),
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
  make_slices();
}

void Optimizer::make_slices() {
  const std::int64_t all = weights_.numel();
  const std::int64_t most = std::min(all, slice_elements(weights_));
  const torch::Tensor scratch = torch::empty({most}, weights_.options());
  for (std::int64_t first = 0; first < all; first += most) {
    const std::int64_t count = std::min(most, all - first);
    slices_.push_back({.weights = slice_of(weights_, first, count),
                       .gradients = slice_of(gradients_, first, count),
                       .scratch = slice_of(scratch, 0, count),
                       .square = slice_of(square_, first, count),
                       .mean = slice_of(mean_, first, count),
                       .moment = slice_of(moment_, first, count)});
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
  if (recipe_.clip > 0) {
    clip_elements();
  }
  const torch::Tensor shrink = measure_norm();
  if (beta1_power_.defined()) {
    beta1_power_.mul_(recipe_.beta1);
    beta2_power_.mul_(recipe_.beta2);
  }
  for (const Slice& slice : slices_) {
    if (recipe_.norm_limit > 0) {
      slice.gradients.mul_(shrink);
    }
    step_slice(slice);
  }
}

// Every element to [-clip, clip]. Counts those beyond in floats: as whole numbers the sum takes ten
// times as long.
void Optimizer::clip_elements() {
  torch::Tensor clipped = torch::zeros({}, norm_sum_.options());
  for (const Slice& slice : slices_) {
    torch::Tensor beyond = slice.scratch;
    at::abs_out(beyond, slice.gradients);
    clipped.add_(beyond.gt_(recipe_.clip).sum());
    slice.gradients.clamp_(-recipe_.clip, recipe_.clip);
  }
  clipped_sum_.add_(clipped.to(torch::kInt64));
}

// What the gradient is multiplied with to be at most as long as the limit, as Lasagne does it.
torch::Tensor Optimizer::measure_norm() {
  const torch::Tensor norm = gradients_.norm();
  norm_sum_.add_(norm);
  return norm.clamp_max(recipe_.norm_limit) / (norm + 1e-7);
}

void Optimizer::step_slice(const Slice& slice) const {
  switch (recipe_.rule) {
    case UpdateRule::kRmsprop:
      step_rmsprop(slice);
      break;
    case UpdateRule::kAdam:
    case UpdateRule::kAdamw:
      step_adam(slice);
      break;
    case UpdateRule::kSgd:
      step_sgd(slice);
      break;
  }
}

void Optimizer::step_rmsprop(const Slice& slice) const {
  slice.square.mul_(recipe_.decay).addcmul_(slice.gradients, slice.gradients, 1 - recipe_.decay);
  torch::Tensor change = slice.scratch;
  at::add_out(change, slice.square, recipe_.epsilon);
  change.sqrt_();
  at::div_out(change, slice.gradients, change);
  slice.weights.sub_(change.mul_(rate_));
}

void Optimizer::step_adam(const Slice& slice) const {
  if (recipe_.rule == UpdateRule::kAdamw) {
    slice.weights.mul_(1 - rate_ * recipe_.weight_decay);
  }
  slice.mean.mul_(recipe_.beta1).add_(slice.gradients, 1 - recipe_.beta1);
  slice.square.mul_(recipe_.beta2).addcmul_(slice.gradients, slice.gradients, 1 - recipe_.beta2);
  torch::Tensor change = slice.scratch;
  at::div_out(change, slice.square, 1 - beta2_power_);
  change.sqrt_().add_(recipe_.epsilon);
  at::div_out(change, slice.mean, change);
  slice.weights.sub_(change.mul_(rate_ / (1 - beta1_power_)));
}

void Optimizer::step_sgd(const Slice& slice) const {
  torch::Tensor change = slice.scratch;
  at::mul_out(change, slice.gradients, rate_);
  if (slice.moment.defined()) {
    slice.moment.mul_(recipe_.momentum).add_(slice.gradients);
    if (recipe_.is_nesterov) {
      at::add_out(change, slice.gradients, slice.moment, recipe_.momentum);
    } else {
      change.copy_(slice.moment);
    }
    change.mul_(rate_);
  }
  slice.weights.sub_(change);
}

}  // namespace glimpse::worker
