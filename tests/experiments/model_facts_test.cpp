#include "experiments/model_facts.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

// The published table of costs: figures as printed, so operations hold to half of the last digit.
struct Row {
  const char* model;
  double downsample;
  double dense;
  double mmac;
  double classifier_mmac;
  double mflop;
  std::uint64_t parameters;
};

constexpr Row kRows[] = {
    {"rnn-spn", 1, 400, 105.29, 98.51, 211.5, 7118800},
    {"rnn-spn", 2, 400, 27.51, 20.73, 55.2, 2510800},
    {"rnn-spn", 3, 400, 13.35, 6.57, 26.8, 1678800},
    {"rnn-spn", 4, 400, 9.75, 2.97, 19.6, 1525200},
    {"ffn-spn", 1, 400, 247.82, 245.05, 495.9, 17446716},
    {"ffn-spn", 2, 400, 54.75, 51.98, 109.6, 3622716},
    {"ffn-spn", 3, 400, 19.58, 16.80, 39.2, 1126716},
    {"ffn-spn", 4, 400, 10.45, 7.67, 20.9, 665916},
    {"conv", 1, 400, 245.05, 245.05, 490.1, 17113870},
    {"rnn-spn", 1, 256, 99.19, 92.41, 199.3, 5085088},
    {"rnn-spn", 2, 256, 26.39, 19.61, 53.0, 2135968},
    {"rnn-spn", 3, 256, 13.12, 6.35, 26.3, 1603488},
    {"rnn-spn", 4, 256, 9.69, 2.91, 19.4, 1505184},
};

double rounded(double value, int digits) {
  const double scale = std::pow(10, digits);
  return std::round(value * scale) / scale;
}

TEST(ModelFacts, ReproducesThePublishedTable) {
  for (const Row& row : kRows) {
    const ModelFacts facts = model_facts(
        {{"model", row.model}, {"downsample", row.downsample}, {"dense", row.dense}}, {});
    SCOPED_TRACE(std::string(row.model) + " " + std::to_string(row.downsample));
    EXPECT_EQ(facts.parameters, row.parameters);
    EXPECT_DOUBLE_EQ(rounded(static_cast<double>(facts.macs) / 1e6, 2), row.mmac);
    EXPECT_DOUBLE_EQ(rounded(static_cast<double>(facts.classifier_macs) / 1e6, 2),
                     row.classifier_mmac);
    EXPECT_DOUBLE_EQ(rounded(static_cast<double>(facts.flops) / 1e6, 1), row.mflop);
  }
}

TEST(ModelFacts, FollowsTheImageThroughTheLayers) {
  const ModelFacts facts = model_facts({{"downsample", 3.0}}, {});
  std::vector<int> sides;
  for (const LayerFacts& layer : facts.layers) {
    EXPECT_EQ(layer.width, layer.height) << layer.name;
    sides.push_back(layer.width);
  }
  EXPECT_EQ(sides, (std::vector<int>{50, 48, 24, 22, 11, 9, 1, 1, 31, 15, 13, 6, 4, 1, 1}));
  EXPECT_EQ(facts.crop_width, 33);
}

TEST(ModelFacts, TreatsBothAxesByThemselves) {
  const ModelFacts facts =
      model_facts({{"model", "ffn-spn"}, {"downsample", 2.0}}, {.width = 120, .height = 60});
  EXPECT_EQ(facts.crop_width, 60);
  EXPECT_EQ(facts.crop_height, 30);
}

// Counted by hand for 72x72 and two digits: localisation 36,34,17,15,7,5 -> 500 numbers; glimpse
// 36 -> 34,17,15,7,5 -> 800 numbers.
TEST(ModelFacts, CountsOtherCanvasesAndDigits) {
  const ModelFacts facts =
      model_facts({{"downsample", 2.0}}, {.width = 72, .height = 72, .digits = 2});
  const std::uint64_t localisation = 200 + 3620 + 3620;
  const std::uint64_t gru = 3 * 256 * (500 + 256 + 1) + 256 + 1542;
  const std::uint64_t classifier = 320 + 9248 + 9248 + 800 * 400 + 400 + 4010;
  EXPECT_EQ(facts.parameters, localisation + gru + classifier);
  EXPECT_EQ(facts.classifier_macs,
            2U * (34 * 34 * 32 * 9 + 15 * 15 * 32 * 32 * 9 + 5 * 5 * 32 * 32 * 9 + 320000 + 4000));
}

TEST(ModelFacts, GivesEveryDigitASoftmaxOrAStep) {
  const ImageShape two{.digits = 2};
  const ModelFacts conv = model_facts({{"model", "conv"}}, two);
  EXPECT_EQ(conv.parameters, 17113870U - 4010U);
  // A recurrent model reuses its weights, so only its operations change.
  EXPECT_EQ(model_facts({}, two).parameters, model_facts({}, {}).parameters);
  EXPECT_LT(model_facts({}, two).macs, model_facts({}, {}).macs);
}

TEST(ModelFacts, CountsAFixedFirstStateAsNoParameter) {
  EXPECT_EQ(model_facts({{"learned_h0", false}}, {}).parameters, 1678800U - 256U);
}

TEST(ModelFacts, RefusesGlimpsesTooSmallForTheClassifier) {
  EXPECT_FALSE(geometry_problem({{"downsample", 4.0}}, {.width = 72, .height = 72}));
  EXPECT_EQ(geometry_problem({{"downsample", 4.0}}, {.width = 71, .height = 72}).value(),
            "downsample 4 leaves glimpses of 17x18 pixels on images of 71x72, and the classifier "
            "needs 18x18 (use a downsample of at most 3.94, or images of at least 72 pixels a "
            "side)");
  EXPECT_FALSE(geometry_problem({{"downsample", 3.94}}, {.width = 71, .height = 72}));
  EXPECT_TRUE(geometry_problem({{"downsample", 5.6}}, {}));
  EXPECT_FALSE(geometry_problem({{"model", "conv"}, {"downsample", 50.0}}, {}));
  EXPECT_THROW(model_facts({{"downsample", 6.0}}, {}), std::invalid_argument);
}

TEST(ModelFacts, RefusesImagesTooSmallForTheModel) {
  EXPECT_FALSE(geometry_problem({{"downsample", 2.0}}, {.width = 36, .height = 36}));
  EXPECT_EQ(geometry_problem({{"downsample", 1.0}}, {.width = 35, .height = 40}).value(),
            "rnn-spn needs images of at least 36x36 pixels, and these have 35x40");
  EXPECT_FALSE(geometry_problem({{"model", "conv"}}, {.width = 18, .height = 18}));
  EXPECT_TRUE(geometry_problem({{"model", "conv"}}, {.width = 18, .height = 17}));
}

// One pixel left behind the last convolution is the smallest legal case in every network.
TEST(ModelFacts, ComputesTheSmallestLegalCases) {
  EXPECT_EQ(model_facts({{"downsample", 2.0}}, {.width = 36, .height = 36}).layers[5].width, 1);
  const ModelFacts conv = model_facts({{"model", "conv"}}, {.width = 18, .height = 18});
  EXPECT_EQ(conv.layers[4].width, 1);
}

TEST(TrialFlops, CountsTrainingThreefoldAndTestingTwice) {
  const double forward = static_cast<double>(model_facts({}, {}).flops);
  EXPECT_DOUBLE_EQ(epoch_flops({}, {}), 190000 * forward);
  EXPECT_DOUBLE_EQ(epoch_flops({{"exact_train_error", true}}, {}), 250000 * forward);
  EXPECT_DOUBLE_EQ(trial_flops({{"epochs", 2.0}}, {}), (2 * 190000 + 20000) * forward);
}

// The published column gives 260,000 forward passes for an epoch; ours counts 190,000 of them.
TEST(TrialFlops, AgreesWithThePublishedEpoch) {
  const double ours = epoch_flops({{"downsample", 1.0}}, {}) / 1e12;
  EXPECT_NEAR(ours, 55.0 * 190 / 260, 0.04);
}

}  // namespace
}  // namespace glimpse::experiments
