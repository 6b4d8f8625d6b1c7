#include "worker/nn/flat_parameters.h"

#include <algorithm>

#include <torch/torch.h>

namespace glimpse::worker {
namespace {

constexpr std::int64_t kAlignment = 64;  // bytes: a cache line, and the widest vector register

}  // namespace

torch::Tensor FlatParameters::view_of(const Part& part, const torch::Tensor& flat) {
  const torch::Tensor& parameter = part.parameter;
  const torch::Tensor slice = flat.narrow(0, part.offset, parameter.numel());
  if (parameter.dim() != 4) {
    return slice.view(parameter.sizes());
  }
  // Written out: for one input channel .contiguous(ChannelsLast) leaves everything as it is.
  const auto sizes = parameter.sizes();
  return slice.view({sizes[0], sizes[2], sizes[3], sizes[1]}).permute({0, 3, 1, 2});
}

FlatParameters::FlatParameters(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  std::int64_t end = 0;
  for (const auto& item : module.named_parameters()) {
    parts_.push_back({item.key(), item.value(), end});
    const std::int64_t unit = kAlignment / item.value().element_size();
    count_ += item.value().numel();
    end += (item.value().numel() + unit - 1) / unit * unit;
  }
  weights_ = torch::zeros({end}, parts_.front().parameter.options().requires_grad(false));
  gradients_ = torch::zeros_like(weights_);
  for (Part& part : parts_) {
    const torch::Tensor view = view_of(part, weights_);
    view.copy_(part.parameter);
    part.parameter.set_data(view);
    part.parameter.mutable_grad() = view_of(part, gradients_).detach();
  }
}

std::vector<NamedView> FlatParameters::views(const torch::Tensor& flat) const {
  std::vector<NamedView> views;
  views.reserve(parts_.size());
  for (const Part& part : parts_) {
    views.push_back({part.name, view_of(part, flat)});
  }
  return views;
}

bool FlatParameters::is_intact() const {
  return std::ranges::all_of(parts_, [this](const Part& part) {
    return part.parameter.data_ptr() == view_of(part, weights_).data_ptr() &&
           part.parameter.grad().defined() &&
           part.parameter.grad().data_ptr() == view_of(part, gradients_).data_ptr();
  });
}

}  // namespace glimpse::worker
