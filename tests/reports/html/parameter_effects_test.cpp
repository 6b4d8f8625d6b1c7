#include "reports/html/parameter_effects.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using experiments::Goal;
using experiments::Value;

// Outcome = 10 a + b on a full grid of three by two values, each three times, with a little noise
// that sums up to nothing.
std::vector<EffectTrial> grid() {
  std::vector<EffectTrial> trials;
  for (const double a : {0.0, 1.0, 2.0}) {
    for (const double b : {0.0, 1.0}) {
      for (const double noise : {-0.1, 0.0, 0.1}) {
        trials.push_back({.run_id = std::to_string(trials.size()),
                          .parameters = {{"a", a}, {"b", b}, {"same", 7.0}},
                          .outcome = 10 * a + b + noise});
      }
    }
  }
  return trials;
}

ParameterContent effects_of(const std::vector<EffectTrial>& trials) {
  return find_effects({}, "loss", Goal::kMinimize, trials);
}

TEST(ParameterEffects, AreTheSharesOfVarianceOnAFullGrid) {
  const ParameterContent content = effects_of(grid());
  EXPECT_EQ(content.parameters, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(content.effects.size(), 2U);
  EXPECT_EQ(content.effects[0].parameter, "a");
  // Sums of squares: 1200 between values of a, 4.5 between those of b, 0.12 of noise.
  EXPECT_NEAR(content.effects[0].share, 1200 / 1204.62, 1e-12);
  EXPECT_NEAR(content.effects[1].share, 4.5 / 1204.62, 1e-12);
  EXPECT_EQ(content.effects[0].levels.at(2).value, "2");
  EXPECT_NEAR(content.effects[0].levels.at(2).mean, 20.5, 1e-12);
  EXPECT_EQ(content.effects[0].levels.at(2).n, 6U);
}

TEST(ParameterEffects, ShowTheTwoStrongestTogether) {
  const ParameterContent content = effects_of(grid());
  ASSERT_TRUE(content.top_pair);
  EXPECT_EQ(content.top_pair->x_values, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_NEAR(content.top_pair->means.at(1).at(2).value(), 21, 1e-12);
}

TEST(ParameterEffects, AreNotSaidOfTooFewTrials) {
  std::vector<EffectTrial> few = grid();
  few.resize(5);
  EXPECT_TRUE(effects_of(few).effects.empty());
  EXPECT_EQ(effects_of(few).trials.size(), 5U) << "single trials are shown all the same";
  EXPECT_TRUE(effects_of({}).trials.empty());
}

TEST(ParameterEffects, TakeManyValuesTogether) {
  std::vector<EffectTrial> trials;
  for (int i = 0; i < 100; ++i) {
    const double x = i / 100.0;
    trials.push_back({.parameters = {{"x", x}}, .outcome = x});
  }
  const ParameterContent content = effects_of(trials);
  ASSERT_EQ(content.effects.size(), 1U);
  EXPECT_EQ(content.effects[0].levels.size(), 5U);
  EXPECT_EQ(content.effects[0].levels[1].value, "from 0.2");
  EXPECT_GT(content.effects[0].share, 0.95);
}

TEST(ParameterEffects, LeaveOutTrialsWithoutAnOutcome) {
  std::vector<EffectTrial> trials = grid();
  trials.push_back({.parameters = {{"a", 0.0}, {"b", 0.0}}, .outcome = std::nullopt});
  EXPECT_NEAR(effects_of(trials).effects[0].share, 1200 / 1204.62, 1e-12);
}

}  // namespace
}  // namespace glimpse::reports
