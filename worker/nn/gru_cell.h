#pragma once

// The recurrent unit of the RNN-SPN, written out: its input is the same at every step, so the
// caller projects it once and then steps. One bias, not LibTorch's two; the first state is learned.
// One thread at a time.
//
//   r  = sigmoid(x Wr + h Ur + br)                      reset
//   u  = sigmoid(x Wu + h Uu + bu)                      update
//   c  = tanh(x Wc + r * (h Uc) + bc)                   or, reset before the product,
//   c  = tanh(x Wc + (r * h) Uc + bc)
//   h' = (1 - u) * h + u * c

#include <cstdint>

#include <torch/nn/module.h>

namespace glimpse::worker {

enum class GruReset { kAfterProduct, kBeforeProduct };

struct GruOptions {
  std::int64_t inputs = 0;
  std::int64_t units = 0;
  GruReset reset = GruReset::kAfterProduct;
  bool has_learned_start = true;  // else the first state is zero for good
};

class GruCell : public torch::nn::Module {
 public:
  explicit GruCell(const GruOptions& options);

  // x W + b of all three gates: (N, inputs) to (N, 3 * units).
  torch::Tensor project(const torch::Tensor& x);
  torch::Tensor first_state(std::int64_t images);  // (N, units)
  torch::Tensor step(const torch::Tensor& projected, const torch::Tensor& h);

 private:
  torch::Tensor step_reset_after(const torch::Tensor& projected, const torch::Tensor& h);
  torch::Tensor step_reset_before(const torch::Tensor& projected, const torch::Tensor& h);

  GruReset reset_;
  // Rows in the order r, u, c; stored as LibTorch stores weights, so a product is x W^T.
  torch::Tensor input_weight_;   // (3 * units, inputs)
  torch::Tensor hidden_weight_;  // (3 * units, units)
  torch::Tensor bias_;           // (3 * units)
  torch::Tensor h0_;             // (1, units)
};

}  // namespace glimpse::worker
