// The gradients of what is written for speed: against the plain formulation of the same network,
// and against finite differences.

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/worker/nn/model_samples.h"
#include "worker/nn/affine_sampler.h"
#include "worker/nn/gru_cell.h"
#include "worker/nn/loss.h"

namespace glimpse::worker {
namespace {

using Tensors = std::vector<torch::Tensor>;

// RNN-SPN as one would write it down first: rectifier before pooling, the GRU's input projected at
// every step, and every glimpse sampled in a call of its own.
class PlainRnnSpn {
 public:
  PlainRnnSpn(Model& model, const GlimpseOptions& glimpse)
      : weights_(model.named_parameters()), glimpse_(glimpse) {}

  torch::Tensor logits(const torch::Tensor& images, std::int64_t digits) const {
    const torch::Tensor features = localise(images);
    torch::Tensor h = weights_["gru.h0"].repeat({images.size(0), 1});
    Tensors logits;
    for (std::int64_t digit = 0; digit < digits; ++digit) {
      h = step(features, h);
      const torch::Tensor theta = dense("theta", h).view({-1, 1, 2, 3});
      logits.push_back(classify(sample_affine(images.clone(), theta, glimpse_)));
    }
    return torch::stack(logits, 1);
  }

 private:
  torch::Tensor dense(const std::string& name, const torch::Tensor& x) const {
    return torch::linear(x, weights_[name + ".weight"], weights_[name + ".bias"]);
  }
  torch::Tensor convolve(const std::string& name, const torch::Tensor& x) const {
    return torch::conv2d(x, weights_[name + ".weight"], weights_[name + ".bias"]).relu();
  }
  torch::Tensor localise(const torch::Tensor& images) const {
    torch::Tensor x = convolve("localisation.conv1", torch::max_pool2d(images, 2));
    x = convolve("localisation.conv2", torch::max_pool2d(x, 2));
    return convolve("localisation.conv3", torch::max_pool2d(x, 2)).flatten(1);
  }
  torch::Tensor step(const torch::Tensor& x, const torch::Tensor& h) const {
    const Tensors in =
        torch::linear(x, weights_["gru.input_weight"], weights_["gru.bias"]).chunk(3, 1);
    const Tensors state = torch::linear(h, weights_["gru.hidden_weight"]).chunk(3, 1);
    const torch::Tensor r = torch::sigmoid(in[0] + state[0]);
    const torch::Tensor u = torch::sigmoid(in[1] + state[1]);
    return (1 - u) * h + u * torch::tanh(in[2] + r * state[2]);
  }
  torch::Tensor classify(const torch::Tensor& crops) const {
    torch::Tensor x = torch::max_pool2d(convolve("classifier.conv1", crops), 2);
    x = torch::max_pool2d(convolve("classifier.conv2", x), 2);
    x = convolve("classifier.conv3", x).flatten(1);
    return dense("classifier.softmax1", dense("classifier.dense", x).relu());
  }

  torch::OrderedDict<std::string, torch::Tensor> weights_;
  GlimpseOptions glimpse_;
};

Tensors take_gradients(Model& model, const torch::Tensor& logits, const torch::Tensor& labels) {
  const torch::Tensor loss = sequence_loss(logits, labels, 1e-5);
  return torch::autograd::grad({loss}, model.parameters());
}

TEST(Gradient, IsThatOfThePlainFormulation) {
  torch::manual_seed(3);
  const auto model =
      make_fresh_model({{"model", "rnn-spn"}, {"filters", 6.0}, {"dense", 20.0}, {"hidden", 16.0}});
  model->to(torch::kFloat64);
  {
    const torch::NoGradGuard no_grad;
    model->named_parameters()["theta.weight"].normal_(0, 0.1);
  }
  const torch::Tensor images = torch::rand({5, 1, 100, 100}, torch::kFloat64);
  const torch::Tensor labels = torch::randint(10, {5, 3}, torch::kInt64);
  Dropout dropout;
  const Tensors fast = take_gradients(*model, model->forward(images, dropout).logits, labels);
  const PlainRnnSpn plain_model(*model, {.height = 33, .width = 33});
  const Tensors plain = take_gradients(*model, plain_model.logits(images, 3), labels);
  const std::vector<std::string> names = model->named_parameters().keys();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double size = plain[i].abs().max().item<double>();
    EXPECT_GT(size, 0) << names[i];
    EXPECT_LT((fast[i] - plain[i]).abs().max().item<double>(), 1e-12 * size) << names[i];
  }
}

torch::Tensor random(std::vector<std::int64_t> sizes) {
  return torch::randn(sizes, torch::kFloat64);
}

double central_difference(const std::function<double()>& value, double& x) {
  constexpr double kStep = 1e-6;
  const double centre = x;
  x = centre + kStep;
  const double above = value();
  x = centre - kStep;
  const double below = value();
  x = centre;
  return (above - below) / (2 * kStep);
}

// Holds autograd's gradient of a weighted sum of f's output against differences of it, for every
// element of every input.
void expect_gradients(const std::function<torch::Tensor(const Tensors&)>& f,
                      const Tensors& inputs) {
  for (const torch::Tensor& input : inputs) {
    input.requires_grad_();
  }
  const torch::Tensor weights = torch::randn_like(f(inputs));
  const auto value = [&] { return (f(inputs) * weights).sum(); };
  const Tensors gradients = torch::autograd::grad({value()}, inputs);
  const torch::NoGradGuard no_grad;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    auto* const x = inputs[k].mutable_data_ptr<double>();
    const torch::Tensor gradient = gradients[k].contiguous();
    for (std::int64_t i = 0; i < inputs[k].numel(); ++i) {
      const double difference = central_difference([&] { return value().item<double>(); }, x[i]);
      EXPECT_NEAR(gradient.const_data_ptr<double>()[i], difference, 1e-7)
          << "element " << i << " of input " << k;
    }
  }
}

TEST(Gradient, OfTheSamplerIsThatOfFiniteDifferences) {
  torch::manual_seed(4);
  for (const SamplerRule rule :
       {SamplerRule::kBorder, SamplerRule::kZeros, SamplerRule::kLasagne2015}) {
    // Off the identity, where the sampler has kinks, and partly outside the image.
    const torch::Tensor theta =
        torch::tensor({0.83, 0.11, 0.27, -0.13, 0.91, -0.19, 0.71, -0.05, -0.31, 0.07, 0.77, 0.23},
                      torch::kFloat64)
            .view({1, 2, 2, 3})
            .clone();
    const GlimpseOptions options{.height = 5, .width = 4, .rule = rule};
    expect_gradients([&](const Tensors& in) { return sample_affine(in[0], in[1], options); },
                     {torch::rand({1, 1, 7, 8}, torch::kFloat64), theta});
  }
}

TEST(Gradient, OfAGruStepIsThatOfFiniteDifferences) {
  torch::manual_seed(5);
  for (const GruReset reset : {GruReset::kAfterProduct, GruReset::kBeforeProduct}) {
    GruCell cell({.inputs = 3, .units = 4, .reset = reset});
    cell.to(torch::kFloat64);
    const auto parameters = cell.named_parameters();
    for (const auto& item : parameters) {
      item.value().detach().normal_();
    }
    expect_gradients([&](const Tensors& in) { return cell.step(cell.project(in[0]), in[1]); },
                     {random({2, 3}),
                      random({2, 4}),
                      parameters["input_weight"],
                      parameters["hidden_weight"],
                      parameters["bias"]});
    expect_gradients([&](const Tensors&) { return cell.first_state(3); }, {parameters["h0"]});
  }
}

TEST(Gradient, OfTheLossIsThatOfFiniteDifferences) {
  torch::manual_seed(6);
  const torch::Tensor labels = torch::randint(10, {2, 3}, torch::kInt64);
  // Large logits, so that some probabilities are as small as epsilon.
  expect_gradients([&](const Tensors& in) { return sequence_loss(in[0], labels, 1e-3); },
                   {random({2, 3, 10}) * 4});
}

TEST(SequenceLoss, AddsEpsilonToTheProbability) {
  const torch::Tensor sure = torch::tensor({1000.0, 0.0}, torch::kFloat64).view({1, 1, 2});
  const torch::Tensor right = torch::zeros({1, 1}, torch::kInt64);
  EXPECT_NEAR(sequence_loss(sure, right, 1e-5).item<double>(), -std::log1p(1e-5), 1e-15);
  EXPECT_NEAR(sequence_loss(sure, right + 1, 1e-5).item<double>(), 11.51, 0.005);
}

TEST(SequenceLoss, IsTheMeanOverAllDigits) {
  const torch::Tensor logits = random({4, 3, 10});
  const torch::Tensor labels = torch::randint(10, {4, 3}, torch::kInt64);
  torch::Tensor sum = torch::zeros({}, torch::kFloat64);
  for (std::int64_t n = 0; n < 4; ++n) {
    for (std::int64_t i = 0; i < 3; ++i) {
      sum += sequence_loss(logits[n][i].view({1, 1, 10}), labels[n][i].view({1, 1}), 1e-5);
    }
  }
  EXPECT_NEAR(sequence_loss(logits, labels, 1e-5).item<double>(), sum.item<double>() / 12, 1e-14);
}

}  // namespace
}  // namespace glimpse::worker
