#include "worker/nn/optimizer.h"

#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "worker/nn/flat_parameters.h"
#include "worker/nn/layers.h"

namespace glimpse::worker {
namespace {

constexpr std::int64_t kCount = 70'001;  // more than two of the slices an update works in

torch::Tensor random(std::uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({kCount}, torch::kFloat64);
}

// Twenty steps of ours on the gradients g(w) = w * a + b.
torch::Tensor after_twenty_steps(const OptimizerRecipe& recipe) {
  const torch::Tensor weights = random(1);
  const torch::Tensor gradients = torch::zeros_like(weights);
  Optimizer optimizer(recipe, weights, gradients);
  for (int step = 0; step < 20; ++step) {
    gradients.copy_(weights * random(2) + random(3));
    optimizer.step();
  }
  return weights;
}

// The same by one of LibTorch's.
torch::Tensor reference(
    const std::function<std::unique_ptr<torch::optim::Optimizer>(torch::Tensor)>& make) {
  torch::Tensor weights = random(1).requires_grad_();
  const auto optimizer = make(weights);
  for (int step = 0; step < 20; ++step) {
    weights.mutable_grad() = (weights.detach() * random(2) + random(3)).clone();
    optimizer->step();
  }
  return weights.detach();
}

void expect_close(const torch::Tensor& a, const torch::Tensor& b) {
  EXPECT_LT((a - b).abs().max().item<double>(), 1e-12);
}

TEST(Optimizer, AdamIsLibTorchs) {
  expect_close(after_twenty_steps({.rule = UpdateRule::kAdam,
                                   .learning_rate = 0.01,
                                   .epsilon = 1e-8,
                                   .beta1 = 0.9,
                                   .beta2 = 0.999}),
               reference([](torch::Tensor weights) {
                 return std::make_unique<torch::optim::Adam>(std::vector<torch::Tensor>{weights},
                                                             torch::optim::AdamOptions(0.01));
               }));
}

TEST(Optimizer, AdamWithDecayIsLibTorchs) {
  expect_close(after_twenty_steps({.rule = UpdateRule::kAdamw,
                                   .learning_rate = 0.01,
                                   .epsilon = 1e-8,
                                   .beta1 = 0.8,
                                   .beta2 = 0.99,
                                   .weight_decay = 0.1}),
               reference([](torch::Tensor weights) {
                 return std::make_unique<torch::optim::AdamW>(
                     std::vector<torch::Tensor>{weights},
                     torch::optim::AdamWOptions(0.01).betas({0.8, 0.99}).weight_decay(0.1));
               }));
}

TEST(Optimizer, GradientDescentIsLibTorchs) {
  for (const auto& [momentum, is_nesterov] :
       {std::pair(0.0, false), std::pair(0.9, false), std::pair(0.9, true)}) {
    expect_close(after_twenty_steps({.rule = UpdateRule::kSgd,
                                     .learning_rate = 0.01,
                                     .momentum = momentum,
                                     .is_nesterov = is_nesterov}),
                 reference([momentum, is_nesterov](torch::Tensor weights) {
                   return std::make_unique<torch::optim::SGD>(
                       std::vector<torch::Tensor>{weights},
                       torch::optim::SGDOptions(0.01).momentum(momentum).nesterov(is_nesterov));
                 }));
  }
}

OptimizerRecipe rmsprop() {
  return {.rule = UpdateRule::kRmsprop, .learning_rate = 5e-4, .decay = 0.9, .epsilon = 1e-6};
}

// With epsilon inside the root the first step for a gradient of 1e-4 is 5.0e-5; outside it, as
// LibTorch has it, it would be 32 times that.
TEST(Optimizer, RmspropHasItsEpsilonInsideTheRoot) {
  const torch::Tensor weights = torch::zeros({1}, torch::kFloat64);
  const torch::Tensor gradients = torch::full({1}, 1e-4, torch::kFloat64);
  Optimizer(rmsprop(), weights, gradients).step();
  EXPECT_NEAR(weights.item<double>(), -5e-4 * 1e-4 / std::sqrt(0.1 * 1e-8 + 1e-6), 1e-15);
  EXPECT_NEAR(weights.item<double>(), -5.0e-5, 0.01e-5);
}

TEST(Optimizer, RmspropIsItsFormula) {
  torch::Tensor expected = random(1);
  torch::Tensor square = torch::zeros_like(expected);
  for (int step = 0; step < 20; ++step) {
    const torch::Tensor gradient = expected * random(2) + random(3);
    square = 0.9 * square + 0.1 * gradient * gradient;
    expected = expected - 5e-4 * gradient / (square + 1e-6).sqrt();
  }
  expect_close(after_twenty_steps(rmsprop()), expected);
}

TEST(Optimizer, ClipsElementsBeforeTheNorm) {
  OptimizerRecipe recipe{.rule = UpdateRule::kSgd, .learning_rate = 1, .clip = 1, .norm_limit = 1};
  const torch::Tensor weights = torch::zeros({4}, torch::kFloat64);
  const torch::Tensor gradients = torch::tensor({3.0, -4.0, 0.5, 0.0}, torch::kFloat64);
  Optimizer optimizer(recipe, weights, gradients);
  optimizer.step();
  const double norm = std::sqrt(1 + 1 + 0.25);
  EXPECT_DOUBLE_EQ(optimizer.norm_sum().item<double>(), norm);
  EXPECT_EQ(optimizer.clipped_sum().item<std::int64_t>(), 2);
  const double scale = 1 / (norm + 1e-7);
  expect_close(weights, torch::tensor({-scale, scale, -0.5 * scale, 0.0}, torch::kFloat64));
}

TEST(Optimizer, CountsWhatItClipsFromEndToEnd) {
  const torch::Tensor gradients = torch::full({kCount}, -0.5, torch::kFloat64);
  gradients[0] = -1.5;
  gradients[kCount / 2] = 0.75;
  gradients[kCount - 1] = -1.5;
  OptimizerRecipe recipe{.rule = UpdateRule::kSgd, .learning_rate = 1, .clip = 0.5};
  const torch::Tensor weights = torch::zeros_like(gradients);
  Optimizer optimizer(recipe, weights, gradients);
  optimizer.step();
  optimizer.step();
  EXPECT_EQ(optimizer.clipped_sum().item<std::int64_t>(), 3) << "those of the first step";
  EXPECT_EQ(gradients.abs().max().item<double>(), 0.5);
  EXPECT_NEAR(optimizer.norm_sum().item<double>(), std::sqrt(0.25 * kCount) * 2, 1e-9);
}

TEST(Optimizer, LeavesASmallGradientNearlyAsItIs) {
  OptimizerRecipe recipe{.rule = UpdateRule::kSgd, .learning_rate = 1, .norm_limit = 5};
  const torch::Tensor weights = torch::zeros({1}, torch::kFloat64);
  Optimizer(recipe, weights, torch::full({1}, 2.0, torch::kFloat64)).step();
  EXPECT_DOUBLE_EQ(weights.item<double>(), -2.0 * 2 / (2 + 1e-7));
}

TEST(FlatParameters, AreTheModulesOwn) {
  struct Net : torch::nn::Module {
    Net() {
      first = register_module("first", std::make_shared<Convolution>(1, 3));
      second = register_module("second", std::make_shared<Convolution>(3, 2));
      last = register_module("last", std::make_shared<Dense>(8, 5));
    }
    std::shared_ptr<Convolution> first;
    std::shared_ptr<Convolution> second;
    std::shared_ptr<Dense> last;
  } net;
  {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& parameter : net.parameters()) {
      parameter.normal_();
    }
  }
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& parameter : net.parameters()) {
    before.push_back(parameter.detach().clone());
  }
  const FlatParameters flat(net);
  EXPECT_EQ(flat.count(), 27 + 3 + 54 + 2 + 40 + 5);
  const torch::Tensor image = torch::rand({4, 1, 6, 6});
  const torch::Tensor out =
      net.last->forward(net.second->forward(net.first->forward(image)).flatten(1));
  out.square().sum().backward();
  EXPECT_TRUE(flat.is_intact());
  const auto weights = flat.views(flat.weights());
  const auto gradients = flat.views(flat.gradients());
  ASSERT_EQ(weights.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(weights[i].tensor.equal(before[i])) << weights[i].name;
    EXPECT_GT(gradients[i].tensor.abs().sum().item<double>(), 0) << weights[i].name;
  }
  flat.weights().zero_();
  for (const torch::Tensor& parameter : net.parameters()) {
    EXPECT_EQ(parameter.abs().sum().item<double>(), 0);
  }
  net.zero_grad();
  EXPECT_FALSE(flat.is_intact()) << "the trap that its header names";
}

}  // namespace
}  // namespace glimpse::worker
