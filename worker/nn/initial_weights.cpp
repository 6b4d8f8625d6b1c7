#include <cmath>
#include <functional>
#include <string>

#include <torch/torch.h>

#include "experiments/philox.h"
#include "worker/nn/model.h"

namespace glimpse::worker {
namespace {

using experiments::Purpose;
using experiments::RandomStream;

// Half the width of Glorot's uniform distribution for a weight (outputs, inputs[, k, k]).
double glorot_bound(const torch::Tensor& weight) {
  const std::int64_t kernel = weight.dim() == 4 ? weight.size(2) * weight.size(3) : 1;
  const auto fans = static_cast<double>((weight.size(0) + weight.size(1)) * kernel);
  return std::sqrt(6 / fans);
}

// In logical order whatever the layout of the parameter they are for.
torch::Tensor draw(const torch::Tensor& parameter, const std::function<double()>& next) {
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat64);
  auto* const out = values.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    out[i] = next();
  }
  return values;
}

torch::Tensor initial_values(const std::string& name,
                             const torch::Tensor& parameter,
                             RandomStream& stream) {
  constexpr double kGruDeviation = 0.1;
  if (name == "theta.bias") {
    return torch::tensor({1.0, 0.0, 0.0, 0.0, 1.0, 0.0}, torch::kFloat64);
  }
  if (name == "gru.input_weight" || name == "gru.hidden_weight") {
    return draw(parameter, [&] { return kGruDeviation * stream.normal(); });
  }
  if (name == "theta.weight" || name == "gru.h0" || name.ends_with("bias")) {
    return torch::zeros(parameter.sizes(), torch::kFloat64);
  }
  const double bound = glorot_bound(parameter);
  return draw(parameter, [&] { return bound * (2 * stream.uniform53() - 1); });
}

}  // namespace

void init_weights(Model& model, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  std::uint32_t number = 0;
  for (auto& item : model.named_parameters()) {
    RandomStream stream(seed, Purpose::kInitialWeights, 0, number++);
    item.value().copy_(initial_values(item.key(), item.value(), stream));
  }
}

}  // namespace glimpse::worker
