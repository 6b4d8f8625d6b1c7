#include "worker/nn/model.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "experiments/model_facts.h"
#include "tests/worker/nn/model_samples.h"
#include "worker/nn/layers.h"
#include "worker/nn/loss.h"

namespace glimpse::worker {
namespace {

using experiments::Assignment;
using experiments::ImageShape;

std::uint64_t trained_parameters(const Model& model) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : model.parameters()) {
    count += parameter.requires_grad() ? parameter.numel() : 0;
  }
  return static_cast<std::uint64_t>(count);
}

struct Count {
  Assignment parameters;
  std::uint64_t expected = 0;
  ImageShape shape = {};
};

void expect_counts(const std::vector<Count>& counts) {
  for (const auto& [given, expected, shape] : counts) {
    const Assignment resolved = experiments::resolve(given);
    EXPECT_EQ(trained_parameters(*make_model(resolved, shape)), expected)
        << experiments::render_json(given);
    EXPECT_EQ(experiments::model_facts(resolved, shape).parameters, expected);
  }
}

TEST(Layers, PoolingAnImageLeavesTheLargestOfFour) {
  for (const auto& [height, width] : {std::pair(40, 44), std::pair(7, 9), std::pair(2, 3)}) {
    const torch::Tensor images = torch::rand({3, 1, height, width});
    EXPECT_TRUE(torch::equal(pool_image(images), torch::max_pool2d(images, 2, 2)))
        << height << " x " << width;
  }
}

TEST(Model, HasAsManyParametersAsTheReleasedCode) {
  expect_counts({{{{"model", "rnn-spn"}, {"downsample", 1.0}}, 7'118'800},
                 {{{"model", "rnn-spn"}, {"downsample", 2.0}}, 2'510'800},
                 {{{"model", "rnn-spn"}, {"downsample", 3.0}}, 1'678'800},
                 {{{"model", "rnn-spn"}, {"downsample", 4.0}}, 1'525'200},
                 {{{"model", "ffn-spn"}, {"downsample", 1.0}}, 17'446'716},
                 {{{"model", "ffn-spn"}, {"downsample", 2.0}}, 3'622'716},
                 {{{"model", "ffn-spn"}, {"downsample", 3.0}}, 1'126'716},
                 {{{"model", "ffn-spn"}, {"downsample", 4.0}}, 665'916},
                 {{{"model", "conv"}}, 17'113'870}});
}

TEST(Model, HasAsManyParametersAsThePapersAppendix) {
  const auto appendix = [](double downsample) {
    return Assignment{{"model", "rnn-spn"}, {"downsample", downsample}, {"dense", 256.0}};
  };
  expect_counts({{appendix(1), 5'085'088},
                 {appendix(2), 2'135'968},
                 {appendix(3), 1'603'488},
                 {appendix(4), 1'505'184}});
}

TEST(Model, CountsItsParametersByItsSwitches) {
  const std::uint64_t plain = 1'678'800;
  // A GRU of 64 units: 3 * (1620 + 64 + 1) * 64 + 64 for the first state; theta reads 64.
  const std::uint64_t small_gru = plain - 1'441'792 - 1542 + 3 * 1685 * 64 + 64 + 65 * 6;
  expect_counts({{{{"learned_h0", false}}, plain - 256},
                 {{{"gru", "reset_before"}}, plain},
                 {{{"sampler", "lasagne2015"}}, plain},
                 {{{"third_dropout", true}, {"localisation_dropout", false}}, plain},
                 {{{"hidden", 64.0}}, small_gru},
                 // One network reads every glimpse, however many digits there are.
                 {{}, plain, {.digits = 5}},
                 {{{"model", "ffn-spn"}}, 3'622'716 - 4010, {.digits = 2}},
                 {{{"model", "conv"}}, 17'113'870 + 4010, {.digits = 4}}});
}

TEST(Model, TakesCanvasesOfAnySidesAndAnyNumberOfDigits) {
  const ImageShape shape{.width = 90, .height = 61, .digits = 2};
  const torch::Tensor images = torch::rand({3, 1, 61, 90});
  Dropout dropout;
  const auto rnn = make_fresh_model({{"model", "rnn-spn"}, {"downsample", 2.5}}, shape);
  const ModelOutput one = rnn->forward(images, dropout);
  EXPECT_EQ(one.logits.sizes(), (torch::IntArrayRef{3, 2, 10}));
  EXPECT_EQ(one.theta.sizes(), (torch::IntArrayRef{3, 2, 2, 3}));
  EXPECT_EQ(one.crops.sizes(), (torch::IntArrayRef{3, 2, 24, 36}));
  const auto ffn = make_fresh_model({{"model", "ffn-spn"}, {"downsample", 2.5}}, shape);
  const ModelOutput two = ffn->forward(images, dropout);
  EXPECT_EQ(two.logits.sizes(), (torch::IntArrayRef{3, 2, 10}));
  EXPECT_EQ(two.theta.sizes(), (torch::IntArrayRef{3, 1, 2, 3}));
  EXPECT_EQ(two.crops.sizes(), (torch::IntArrayRef{3, 1, 24, 36}));
  const auto conv = make_fresh_model({{"model", "conv"}}, shape);
  const ModelOutput three = conv->forward(images, dropout);
  EXPECT_EQ(three.logits.sizes(), (torch::IntArrayRef{3, 2, 10}));
  EXPECT_FALSE(three.theta.defined());
  EXPECT_FALSE(three.crops.defined());
}

TEST(Model, RefusesImagesThatItCannotRead) {
  const Assignment resolved = experiments::resolve({{"model", "rnn-spn"}, {"downsample", 6.0}});
  const ImageShape shape;
  const auto problem = experiments::geometry_problem(resolved, shape);
  ASSERT_TRUE(problem.has_value());
  try {
    make_model(resolved, shape);
    FAIL() << "glimpses of 16 pixels were taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(error.what(), *problem);
  }
}

TEST(Model, RefusesANameThatIsNoNetwork) {
  Assignment resolved = experiments::resolve({{"model", "conv"}});
  resolved.insert_or_assign("model", "no-such-network");
  EXPECT_THROW(make_model(resolved, {}), std::invalid_argument);
}

// Three glimpses that are the whole image look alike, so does what is read from them.
TEST(Model, ReadsTheSameInEveryGlimpseBeforeTraining) {
  const auto model = make_fresh_model({{"model", "rnn-spn"}});
  Dropout dropout;
  const ModelOutput output = model->forward(torch::rand({4, 1, 100, 100}), dropout);
  for (const std::int64_t glimpse : {1, 2}) {
    EXPECT_TRUE(torch::equal(output.crops.select(1, 0), output.crops.select(1, glimpse)));
    EXPECT_LT(
        (output.logits.select(1, 0) - output.logits.select(1, glimpse)).abs().max().item<float>(),
        1e-6);
  }
}

TEST(Model, SeesTheImageItselfBeforeTrainingWithoutDownSampling) {
  for (const std::string sampler : {"border", "zeros"}) {
    const auto model = make_fresh_model({{"model", "rnn-spn"},
                                         {"downsample", 1.0},
                                         {"sampler", sampler},
                                         {"filters", 2.0},
                                         {"dense", 4.0}});
    const torch::Tensor images = torch::rand({2, 1, 100, 100});
    Dropout dropout;
    const torch::Tensor crops = model->forward(images, dropout).crops;
    EXPECT_LT((crops - images).abs().max().item<float>(), 2e-5) << sampler;
  }
}

// Theta's weights are zero, so nothing before them can learn from the first batch.
void expect_first_gradient(const std::string& name, const std::vector<std::string>& still) {
  const auto model = make_fresh_model({{"model", name}});
  Dropout dropout;
  const torch::Tensor logits = model->forward(torch::rand({4, 1, 100, 100}), dropout).logits;
  const torch::Tensor loss = sequence_loss(logits, torch::randint(10, {4, 3}, torch::kInt64), 1e-5);
  EXPECT_NEAR(loss.item<double>(), std::log(10), 0.5);
  loss.backward();
  for (const auto& item : model->named_parameters()) {
    const bool should_be_zero = std::any_of(still.begin(), still.end(), [&](const auto& prefix) {
      return item.key().starts_with(prefix);
    });
    EXPECT_EQ(item.value().grad().abs().max().item<float>() == 0, should_be_zero) << item.key();
  }
}

TEST(Model, MovesOnlyThetaAndTheClassifierAtFirst) {
  torch::manual_seed(1);
  expect_first_gradient("rnn-spn", {"localisation.", "gru."});
  expect_first_gradient("ffn-spn", {"localisation.", "dense."});
}

TEST(Model, WantsNoGradientForItsImages) {
  const auto model = make_fresh_model({{"model", "rnn-spn"}});
  Dropout dropout;
  const torch::Tensor images = torch::rand({2, 1, 100, 100});
  model->forward(images, dropout).logits.sum().backward();
  EXPECT_FALSE(images.requires_grad());
  EXPECT_FALSE(images.grad().defined());
}

// One channel is where Tensor::contiguous(ChannelsLast) does nothing.
TEST(Convolution, ComputesChannelsLastFromTheFirstChannelOn) {
  for (const std::int64_t channels : {1, 3}) {
    Convolution convolution(channels, 4);
    const torch::Tensor weight = convolution.named_parameters()["weight"];
    EXPECT_EQ(weight.strides(), (torch::IntArrayRef{9 * channels, 1, 3 * channels, channels}));
    const torch::Tensor y = convolution.forward(torch::rand({2, channels, 9, 8}));
    EXPECT_EQ(y.suggest_memory_format(), torch::MemoryFormat::ChannelsLast);
    EXPECT_EQ(y.sizes(), (torch::IntArrayRef{2, 4, 7, 6}));
  }
}

}  // namespace
}  // namespace glimpse::worker
