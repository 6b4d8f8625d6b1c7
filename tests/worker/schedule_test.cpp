#include "worker/schedule.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/model_table.h"

namespace glimpse::worker {
namespace {

Recipe recipe_of(experiments::Assignment given) {
  given.emplace("model", std::string("rnn-spn"));
  return make_recipe(experiments::resolve(given));
}

std::vector<int> cuts(const Recipe& recipe) {
  std::vector<int> epochs;
  for (int epoch = 2; epoch <= recipe.epochs; ++epoch) {
    if (learning_rate(recipe, epoch) < learning_rate(recipe, epoch - 1)) {
      epochs.push_back(epoch - 1);
    }
  }
  return epochs;
}

// The released code, line by line: epochs from 0, and the counter counts in no epoch of a cut.
std::vector<double> released_code_rates(int epochs) {
  std::vector<double> rates;
  double rate = 5e-4;
  int counter = 0;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    rates.push_back(rate);
    if (counter > 10 && epoch > 30) {
      rate /= 1.5;
      counter = 0;
    } else {
      counter += 1;
    }
  }
  return rates;
}

TEST(LearningRate, FollowsTheReleasedCodeToTheLastBit) {
  const Recipe recipe = recipe_of({});
  const std::vector<double> rates = released_code_rates(recipe.epochs);
  for (int epoch = 1; epoch <= recipe.epochs; ++epoch) {
    EXPECT_EQ(learning_rate(recipe, epoch), rates.at(static_cast<std::size_t>(epoch) - 1)) << epoch;
  }
  const std::vector<int> cut = cuts(recipe);
  EXPECT_EQ(cut.size(), 23U);
  EXPECT_EQ(cut.front(), 32);
  EXPECT_EQ(cut.back(), 296);
  EXPECT_NEAR(learning_rate(recipe, 300), 4.46e-8, 0.01e-8);
}

TEST(LearningRate, StaysWhereItIsConstant) {
  const Recipe recipe = recipe_of({{"schedule", std::string("constant")}});
  EXPECT_TRUE(cuts(recipe).empty());
  EXPECT_EQ(learning_rate(recipe, 300), 5e-4);
}

TEST(LearningRate, FallsInSteps) {
  const Recipe recipe =
      recipe_of({{"schedule", std::string("step")}, {"schedule_period", 10.0}, {"epochs", 40.0}});
  EXPECT_EQ(cuts(recipe), (std::vector<int>{10, 20, 30}));
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 11), 5e-5);
}

TEST(LearningRate, FallsAlongACosineToItsFloor) {
  const Recipe recipe =
      recipe_of({{"schedule", std::string("cosine")}, {"schedule_floor", 0.1}, {"epochs", 10.0}});
  EXPECT_EQ(learning_rate(recipe, 1), 5e-4);
  EXPECT_NEAR(learning_rate(recipe, 6), 5e-4 * 0.55, 1e-12);
  EXPECT_NEAR(learning_rate(recipe, 11), 5e-5, 1e-12) << "where an eleventh epoch would be";
}

TEST(DropoutRate, GrowsOverTheWarmUp) {
  const Recipe recipe = recipe_of({{"dropout", 0.5}});
  const std::vector<double> expected = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_DOUBLE_EQ(dropout_rate(recipe, static_cast<int>(i) + 1), expected[i]);
  }
  const Recipe at_once =
      make_recipe(experiments::resolve({{"model", std::string("ffn-spn")}, {"dropout", 0.5}}));
  EXPECT_EQ(dropout_rate(at_once, 1), 0.5);
}

TEST(EarlyStop, ComesAfterSoManyEpochsWithoutAGain) {
  const Recipe recipe = recipe_of({});
  EXPECT_FALSE(stops_early(recipe, 10, 59));
  EXPECT_TRUE(stops_early(recipe, 10, 60));
  EXPECT_FALSE(stops_early(recipe_of({{"early_stop", 0.0}}), 1, 300));
}

TEST(SampleOrder, IsAPermutationOfItsOwnForEveryEpochAndSeed) {
  std::set<std::vector<std::uint32_t>> orders;
  for (const std::uint64_t seed : {1U, 2U}) {
    for (int epoch = 1; epoch <= 3; ++epoch) {
      const std::vector<std::uint32_t> order = sample_order(seed, epoch, 1000);
      EXPECT_EQ(order, sample_order(seed, epoch, 1000));
      std::vector<std::uint32_t> sorted = order;
      std::sort(sorted.begin(), sorted.end());
      for (std::uint32_t i = 0; i < 1000; ++i) {
        ASSERT_EQ(sorted[i], i);
      }
      orders.insert(order);
    }
  }
  EXPECT_EQ(orders.size(), 6U);
}

// Each sample stands at each place equally often: 24 orders of 4 samples, 2400 epochs, 100 each.
TEST(SampleOrder, PrefersNoOrder) {
  std::map<std::vector<std::uint32_t>, int> counts;
  for (int epoch = 1; epoch <= 2400; ++epoch) {
    ++counts[sample_order(7, epoch, 4)];
  }
  ASSERT_EQ(counts.size(), 24U);
  double chi_squared = 0;
  for (const auto& [order, count] : counts) {
    chi_squared += (count - 100.0) * (count - 100.0) / 100;
  }
  EXPECT_LT(chi_squared, 49.7) << "23 degrees of freedom, 0.1 %";
}

}  // namespace
}  // namespace glimpse::worker
