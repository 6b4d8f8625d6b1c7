#include "tests/worker/nn/device_step.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <vector>

#include <torch/torch.h>

#include "worker/nn/dropout.h"
#include "worker/nn/flat_parameters.h"
#include "worker/nn/loss.h"
#include "worker/nn/model.h"
#include "worker/nn/optimizer.h"
#include "worker/recipe.h"

namespace glimpse::worker {
namespace {

namespace F = torch::nn::functional;

torch::Tensor as_plain(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU, torch::kFloat64).clone();
}

std::map<std::string, torch::Tensor> as_plain(const std::vector<NamedView>& views) {
  std::map<std::string, torch::Tensor> plain;
  for (const NamedView& view : views) {
    plain[view.name] = as_plain(view.tensor);
  }
  return plain;
}

// Random numbers are drawn on the CPU: a GPU's own are others.
torch::Tensor smooth_images(const RandomState& state) {
  const torch::Tensor coarse = torch::rand({state.images, 1, 7, 7}, torch::kFloat64);
  const auto options = F::InterpolateFuncOptions()
                           .size(std::vector<std::int64_t>{state.shape.height, state.shape.width})
                           .mode(torch::kBicubic)
                           .align_corners(true);
  return F::interpolate(coarse, options).clamp(0, 1);
}

void move_theta(Model& model) {
  const torch::NoGradGuard no_grad;
  for (const auto& item : model.named_parameters()) {
    if (item.key().starts_with("theta.")) {
      const double scale = item.key().ends_with("bias") ? 0.15 : 0.02;
      item.value().add_(torch::randn(item.value().sizes(), torch::kFloat64).to(item.value()),
                        scale);
    }
  }
}

double largest_share(const torch::Tensor& found, const torch::Tensor& expected) {
  return ((found - expected).abs().max() / expected.abs().max()).item<double>();
}

double norm_share(const std::map<std::string, torch::Tensor>& found,
                  const std::map<std::string, torch::Tensor>& expected) {
  double largest = 0;
  for (const auto& [name, tensor] : expected) {
    const double norm = tensor.norm().item<double>();
    const double difference = (found.at(name) - tensor).norm().item<double>();
    largest = std::max(largest, difference / std::max(norm, 1e-30));
  }
  return largest;
}

}  // namespace

Step take_step(const RandomState& state, torch::Device device, torch::ScalarType type) {
  torch::manual_seed(state.seed);
  const auto model = make_model(state.parameters, state.shape);
  model->to(device, type);
  init_weights(*model, state.seed);
  move_theta(*model);
  const torch::Tensor images = smooth_images(state).to(device, type);
  const torch::Tensor labels =
      torch::randint(10, {state.images, state.shape.digits}, torch::kInt64).to(device);
  const FlatParameters flat(*model);
  const Recipe recipe = make_recipe(state.parameters);
  Optimizer optimizer(recipe.optimizer, flat.weights(), flat.gradients());
  const auto before = as_plain(flat.views(flat.weights()));

  std::vector<std::uint32_t> samples(static_cast<std::size_t>(state.images));
  std::iota(samples.begin(), samples.end(), 59000U);
  Dropout dropout;
  dropout.begin_batch(state.seed, 3, samples, state.dropout);
  const ModelOutput output = model->forward(images, dropout);
  const torch::Tensor loss = sequence_loss(output.logits, labels, recipe.loss_epsilon);
  loss.backward();
  Step step{.outputs = {{"logits", as_plain(output.logits)}},
            .loss = as_plain(loss),
            .gradients = as_plain(flat.views(flat.gradients())),
            .moves = {}};
  if (output.theta.defined()) {
    step.outputs["theta"] = as_plain(output.theta);
    step.outputs["crops"] = as_plain(output.crops);
  }
  optimizer.step();
  step.moves = as_plain(flat.views(flat.weights()));
  for (auto& [name, weights] : step.moves) {
    weights -= before.at(name);
  }
  return step;
}

bool Distance::is_within(const Distance& tolerance) const {
  return output <= tolerance.output && loss <= tolerance.loss && gradient <= tolerance.gradient &&
         move <= tolerance.move;
}

Distance distance(const Step& found, const Step& expected) {
  Distance result{.loss = largest_share(found.loss, expected.loss),
                  .gradient = norm_share(found.gradients, expected.gradients),
                  .move = norm_share(found.moves, expected.moves)};
  for (const auto& [name, tensor] : expected.outputs) {
    result.output = std::max(result.output, largest_share(found.outputs.at(name), tensor));
  }
  return result;
}

std::string to_string(const Distance& distance) {
  std::ostringstream text;
  text << "outputs " << distance.output << ", loss " << distance.loss << ", gradients "
       << distance.gradient << ", moves " << distance.move;
  return text.str();
}

}  // namespace glimpse::worker
