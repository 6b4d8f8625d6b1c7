#pragma once

// Sums over the batches of a pass, kept on the device so that adding to them never waits. One
// thread.

#include <cstdint>

#include <torch/types.h>

#include "worker/engine.h"

namespace glimpse::worker {

class DeviceTotals {
 public:
  explicit DeviceTotals(torch::Device device);

  // `mean` is the batch's loss, a mean over its digits.
  void add(const torch::Tensor& logits, const torch::Tensor& labels, const torch::Tensor& mean);
  [[nodiscard]] Totals read() const;  // waits
  void set(const Totals& totals);

 private:
  torch::Tensor loss_;
  torch::Tensor wrong_digits_;
  torch::Tensor wrong_sequences_;
  std::int64_t images_ = 0;
  std::int64_t digits_ = 0;
};

}  // namespace glimpse::worker
