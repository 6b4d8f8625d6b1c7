#include "worker/nn/gru_cell.h"

#include <torch/torch.h>

namespace glimpse::worker {

GruCell::GruCell(const GruOptions& o)
    : reset_(o.reset),
      input_weight_(register_parameter("input_weight", torch::zeros({3 * o.units, o.inputs}))),
      hidden_weight_(register_parameter("hidden_weight", torch::zeros({3 * o.units, o.units}))),
      bias_(register_parameter("bias", torch::zeros({3 * o.units}))) {
  const torch::Tensor start = torch::zeros({1, o.units});
  h0_ = o.has_learned_start ? register_parameter("h0", start) : register_buffer("h0", start);
}

torch::Tensor GruCell::project(const torch::Tensor& x) {
  return torch::linear(x, input_weight_, bias_);
}

torch::Tensor GruCell::first_state(std::int64_t images) {
  return h0_.expand({images, -1});
}

torch::Tensor GruCell::step(const torch::Tensor& projected, const torch::Tensor& h) {
  return reset_ == GruReset::kAfterProduct ? step_reset_after(projected, h)
                                           : step_reset_before(projected, h);
}

torch::Tensor GruCell::step_reset_after(const torch::Tensor& projected, const torch::Tensor& h) {
  const auto from_input = projected.chunk(3, 1);
  const auto from_state = torch::linear(h, hidden_weight_).chunk(3, 1);
  const torch::Tensor r = torch::sigmoid(from_input[0] + from_state[0]);
  const torch::Tensor u = torch::sigmoid(from_input[1] + from_state[1]);
  const torch::Tensor c = torch::tanh(from_input[2] + r * from_state[2]);
  return (1 - u) * h + u * c;
}

torch::Tensor GruCell::step_reset_before(const torch::Tensor& projected, const torch::Tensor& h) {
  const auto from_input = projected.chunk(3, 1);
  const auto hidden_weights = hidden_weight_.chunk(3, 0);
  const torch::Tensor r = torch::sigmoid(from_input[0] + torch::linear(h, hidden_weights[0]));
  const torch::Tensor u = torch::sigmoid(from_input[1] + torch::linear(h, hidden_weights[1]));
  const torch::Tensor c = torch::tanh(from_input[2] + torch::linear(r * h, hidden_weights[2]));
  return (1 - u) * h + u * c;
}

}  // namespace glimpse::worker
