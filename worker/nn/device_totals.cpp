#include "worker/nn/device_totals.h"

#include <torch/torch.h>

namespace glimpse::worker {

DeviceTotals::DeviceTotals(torch::Device device)
    : loss_(torch::zeros({}, torch::dtype(torch::kFloat64).device(device))),
      wrong_digits_(torch::zeros({}, torch::dtype(torch::kInt64).device(device))),
      wrong_sequences_(torch::zeros_like(wrong_digits_)) {}

void DeviceTotals::add(const torch::Tensor& logits,
                       const torch::Tensor& labels,
                       const torch::Tensor& mean) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor wrong = logits.argmax(2).ne(labels);
  wrong_digits_.add_(wrong.sum());
  wrong_sequences_.add_(wrong.any(1).sum());
  loss_.add_(mean.detach().to(torch::kFloat64), labels.numel());
  images_ += labels.size(0);
  digits_ += labels.numel();
}

Totals DeviceTotals::read() const {
  return {.images = static_cast<std::uint64_t>(images_),
          .digits = static_cast<std::uint64_t>(digits_),
          .wrong_digits = static_cast<std::uint64_t>(wrong_digits_.item<std::int64_t>()),
          .wrong_sequences = static_cast<std::uint64_t>(wrong_sequences_.item<std::int64_t>()),
          .loss = loss_.item<double>()};
}

void DeviceTotals::set(const Totals& totals) {
  images_ = static_cast<std::int64_t>(totals.images);
  digits_ = static_cast<std::int64_t>(totals.digits);
  wrong_digits_.fill_(static_cast<std::int64_t>(totals.wrong_digits));
  wrong_sequences_.fill_(static_cast<std::int64_t>(totals.wrong_sequences));
  loss_.fill_(totals.loss);
}

}  // namespace glimpse::worker
