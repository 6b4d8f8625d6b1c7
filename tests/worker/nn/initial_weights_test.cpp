#include <cmath>
#include <string>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/philox.h"
#include "tests/worker/nn/model_samples.h"

namespace glimpse::worker {
namespace {

using experiments::Purpose;
using experiments::RandomStream;

torch::Tensor weight(Model& model, const std::string& name) {
  return model.named_parameters()[name].detach();
}

// A uniform distribution reaches its bound and has its width over the square root of three as its
// deviation.
void expect_glorot(Model& model, const std::string& name, double bound) {
  const torch::Tensor w = weight(model, name);
  EXPECT_LE(w.abs().max().item<double>(), bound) << name;
  EXPECT_GT(w.abs().max().item<double>(), 0.95 * bound) << name;
  // Four standard errors, of the mean and (for a flat distribution) of the deviation.
  const double tolerance = 4 / std::sqrt(static_cast<double>(w.numel()));
  EXPECT_NEAR(w.mean().item<double>() / bound, 0, tolerance / std::sqrt(3)) << name;
  EXPECT_NEAR(w.std().item<double>() / bound, 1 / std::sqrt(3), tolerance / std::sqrt(15)) << name;
}

TEST(InitialWeights, AreGlorotUniformInConvolutionsAndDenseLayers) {
  const auto rnn = make_fresh_model({{"model", "rnn-spn"}});
  expect_glorot(*rnn, "localisation.conv1.weight", std::sqrt(6.0 / (21 * 9)));
  expect_glorot(*rnn, "localisation.conv2.weight", std::sqrt(6.0 / (40 * 9)));
  expect_glorot(*rnn, "localisation.conv3.weight", std::sqrt(6.0 / (40 * 9)));
  expect_glorot(*rnn, "classifier.conv1.weight", std::sqrt(6.0 / (33 * 9)));
  expect_glorot(*rnn, "classifier.conv2.weight", std::sqrt(6.0 / (64 * 9)));
  expect_glorot(*rnn, "classifier.conv3.weight", std::sqrt(6.0 / (64 * 9)));
  expect_glorot(*rnn, "classifier.dense.weight", std::sqrt(6.0 / (512 + 400)));
  expect_glorot(*rnn, "classifier.softmax1.weight", std::sqrt(6.0 / 410));
  const auto ffn = make_fresh_model({{"model", "ffn-spn"}});
  expect_glorot(*ffn, "dense.weight", std::sqrt(6.0 / (1620 + 200)));
  expect_glorot(*ffn, "classifier.conv1.weight", std::sqrt(6.0 / (97 * 9)));
  expect_glorot(*ffn, "classifier.conv2.weight", std::sqrt(6.0 / (192 * 9)));
  // Each digit has a softmax of its own, so the bound is that of ten outputs, not of thirty.
  expect_glorot(*ffn, "classifier.softmax3.weight", std::sqrt(6.0 / 410));
}

TEST(InitialWeights, AreNormalInTheGru) {
  const auto model = make_fresh_model({{"model", "rnn-spn"}});
  for (const std::string name : {"gru.input_weight", "gru.hidden_weight"}) {
    const torch::Tensor w = weight(*model, name);
    const double error = 0.1 / std::sqrt(static_cast<double>(w.numel()));
    EXPECT_NEAR(w.mean().item<double>(), 0, 4 * error) << name;
    EXPECT_NEAR(w.std().item<double>(), 0.1, 4 * error / std::sqrt(2)) << name;
    EXPECT_GT(w.abs().max().item<double>(), 0.35) << name;  // it has tails
  }
}

TEST(InitialWeights, StartFromTheWholeImage) {
  for (const std::string name : {"rnn-spn", "ffn-spn"}) {
    const auto model = make_fresh_model({{"model", name}});
    EXPECT_EQ(weight(*model, "theta.weight").abs().max().item<float>(), 0) << name;
    EXPECT_TRUE(torch::equal(weight(*model, "theta.bias"),
                             torch::tensor({1.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F})))
        << name;
  }
}

TEST(InitialWeights, LeaveBiasesAndTheFirstStateAtZero) {
  for (const std::string name : {"rnn-spn", "ffn-spn", "conv"}) {
    const auto model = make_fresh_model({{"model", name}, {"filters", 4.0}});
    for (const auto& item : model->named_parameters()) {
      const bool is_zero = item.value().abs().max().item<float>() == 0;
      const bool should_be = (item.key().ends_with("bias") && item.key() != "theta.bias") ||
                             item.key() == "theta.weight" || item.key() == "gru.h0";
      EXPECT_EQ(is_zero, should_be) << item.key();
    }
  }
}

TEST(InitialWeights, RepeatThemselvesForASeed) {
  const auto one = make_fresh_model({{"model", "rnn-spn"}});
  const auto two = make_fresh_model({{"model", "rnn-spn"}});
  const auto other = make_fresh_model({{"model", "rnn-spn"}}, {}, 2);
  for (const auto& item : one->named_parameters()) {
    EXPECT_TRUE(torch::equal(item.value(), weight(*two, item.key()))) << item.key();
  }
  EXPECT_FALSE(torch::equal(weight(*one, "gru.input_weight"), weight(*other, "gru.input_weight")));
}

TEST(InitialWeights, AreDoublesThatAFloatNetworkRounds) {
  const auto single = make_fresh_model({{"model", "rnn-spn"}});
  const auto both = make_fresh_model({{"model", "rnn-spn"}});
  both->to(torch::kFloat64);
  init_weights(*both, 1);
  for (const auto& item : single->named_parameters()) {
    const torch::Tensor exact = weight(*both, item.key());
    EXPECT_TRUE(torch::equal(item.value(), exact.to(torch::kFloat32))) << item.key();
  }
  const torch::Tensor exact = weight(*both, "gru.input_weight");
  EXPECT_FALSE(torch::equal(exact, exact.to(torch::kFloat32).to(torch::kFloat64)));
}

TEST(InitialWeights, ComeFromTheStreamOfTheirTensorInLogicalOrder) {
  const auto model = make_fresh_model({{"model", "ffn-spn"}});
  std::uint32_t number = 0;
  for (const auto& item : model->named_parameters()) {
    if (item.key() == "localisation.conv2.weight") {
      RandomStream stream(1, Purpose::kInitialWeights, 0, number);
      const double bound = std::sqrt(6.0 / (40 * 9));
      const torch::Tensor w = item.value().detach().contiguous();  // rows first
      for (std::int64_t i = 0; i < 20; ++i) {
        const auto expected = static_cast<float>(bound * (2 * stream.uniform53() - 1));
        EXPECT_EQ(w.flatten()[i].item<float>(), expected);
      }
    }
    ++number;
  }
}

}  // namespace
}  // namespace glimpse::worker
