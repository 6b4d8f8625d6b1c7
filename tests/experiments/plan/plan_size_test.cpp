// Studies of a few lines that ask for more than any machine holds, and what they are told at once.

#include "experiments/plan/plan_size.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "experiments/plan/grid_size.h"
#include "experiments/plan_limits.h"
#include "tests/experiments/study_samples.h"
#include "tests/support/cpu_clock.h"

namespace glimpse::experiments {
namespace {

std::string numbered(char letter, int number) {
  return letter + std::to_string(1000 + number);
}

void add_parameters(Study& study, char letter, int count, const Space& space) {
  for (int i = 0; i < count; ++i) {
    study.parameters.push_back({numbered(letter, i), space});
  }
}

// A condition that names all `c` parameters with these values.
Condition all_of(int count, const std::vector<Value>& list) {
  Condition condition;
  for (int i = 0; i < count; ++i) {
    condition.emplace(numbered('c', i), list);
  }
  return condition;
}

// What the plan complains about; fails where it thinks about it for long (ten times the target).
std::string quick_problems(const Study& study) {
  const double start_s = tests::cpu_seconds();
  const std::string problems = plan_problems(study);
  EXPECT_LT(tests::cpu_seconds() - start_s, 20);
  return problems;
}

TEST(PlanSize, RefusesATrillionConfigurations) {
  Study study = command({});
  add_parameters(study, 'p', 4, Range{Distribution::kIntUniform, 1, 1000});
  EXPECT_EQ(quick_problems(study),
            "/parameters: the grid has 1000000000000 configurations, and a plan may have 10000000 "
            "(give fewer values, or use method \"random\" with a run_cap)\n");
}

TEST(PlanSize, RefusesHugeSpacesThatHardlyEverApply) {
  Study study =
      command({{"a", values({1.0, 2.0})}, {"b", Range{Distribution::kIntUniform, 1, 20'000'000}}});
  study.when = {{"b", {{"a", {3.0}}}}};
  EXPECT_EQ(quick_problems(study),
            "/parameters: the parameters have 20000002 values in all, and a plan holds 4194304 "
            "(give fewer)\n");
}

TEST(PlanSize, RefusesManySpacesThatAreHugeTogether) {
  Study study = command({});
  add_parameters(study, 'b', 250, Range{Distribution::kIntUniform, 1, 1'000'000});
  EXPECT_EQ(quick_problems(study),
            "/parameters: the parameters have 250000000 values in all, and a plan holds 4194304 "
            "(give fewer)\n");
}

TEST(PlanSize, RefusesMoreDrawsThanItCanHold) {
  Study study = command({});
  add_parameters(study, 'p', 250, Range{Distribution::kUniform, 0, 1});
  study.method = Method::kRandom;
  study.run_cap = 10'000'000;
  EXPECT_EQ(quick_problems(study),
            "/parameters: the parameters have 2500000000 values in all, and a plan holds 4194304 "
            "(lower run_cap)\n");
  for (Parameter& parameter : study.parameters) {
    parameter.space = values({1.0, 2.0});
  }
  EXPECT_EQ(
      quick_problems(study),
      "/run_cap: 10000000 configurations of 250 parameters are more values than the 134217728 "
      "of a plan's table (give fewer of either)\n");
}

TEST(PlanSize, RefusesMorePointsThanItCanHold) {
  Study study = command({});
  add_parameters(study, 'p', 250, values({1.0}));
  study.method = Method::kList;
  study.points.resize(600'000);
  EXPECT_EQ(
      quick_problems(study),
      "/points: 600000 configurations of 250 parameters are more values than the 134217728 of "
      "a plan's table (give fewer of either)\n");
}

TEST(PlanSize, RefusesExcludesThatTakeTooLongToHoldAgainst) {
  Study study = command({{"a", Range{Distribution::kIntUniform, 1, 100'000}}});
  add_parameters(study, 'p', 240, values({1.0}));
  Assignment pairs;
  for (int i = 0; i < 240; ++i) {
    pairs.emplace(numbered('p', i), 1.0);
  }
  study.exclude.assign(1000, pairs);
  EXPECT_EQ(
      quick_problems(study),
      "/exclude: 100000 configurations held against 240000 conditions and excluded values are "
      "more than the 536870912 comparisons of a plan (give fewer of either)\n");
}

TEST(PlanSize, LooksForExcludedValuesOnceNotPerValue) {
  Study study = command({{"a", Range{Distribution::kIntUniform, 1, 100'000}}});
  for (int i = 1; i <= 1000; ++i) {
    study.exclude.push_back({{"a", 2.0 * i}});
  }
  EXPECT_EQ(quick_problems(study), "");
}

TEST(PlanSize, RefusesConditionsThatTellTooMuchApart) {
  Study study = command({});
  add_parameters(study, 'c', 23, values({0.0, 1.0}));
  add_parameters(study, 'd', 200, values({1.0}));
  for (int i = 0; i < 200; ++i) {
    study.when[numbered('d', i)] = all_of(23, {0.0, 1.0});
  }
  const std::string problems = quick_problems(study);
  EXPECT_NE(problems.find("/when: at least "), std::string::npos) << problems;
}

TEST(PlanSize, AcceptsWhatItCannotLookThrough) {
  Study study = command({});
  add_parameters(study, 'c', 22, values({0.0, 1.0}));
  add_parameters(study, 'd', 2, values({1.0}));
  study.when = {{numbered('d', 0), all_of(22, {1.0})}, {numbered('d', 1), all_of(22, {0.0})}};
  study.method = Method::kRandom;
  study.run_cap = 1;
  EXPECT_EQ(quick_problems(study), "");
}

TEST(PlanSize, AsksOnceWhatARandomSearchCanReach) {
  Study study = command({});
  add_parameters(study, 'c', 12, values({0.0, 1.0}));
  add_parameters(study, 'd', 200, values({1.0}));
  for (int i = 0; i < 200; ++i) {
    study.when[numbered('d', i)] = all_of(12, {2.0});
  }
  study.method = Method::kRandom;
  study.run_cap = 1;
  const std::string problems = quick_problems(study);
  EXPECT_NE(problems.find("/parameters/d1000: applies to no configuration"), std::string::npos)
      << problems;
}

TEST(PlanSize, ComparesLongListsInOnePass) {
  Study study = command({{"b", values({1.0})}});
  std::vector<Value> odd;
  std::vector<Value> even;
  for (int i = 0; i < 200'000; ++i) {
    odd.emplace_back(2.0 * i + 1);
    even.emplace_back(2.0 * i);
  }
  study.parameters.push_back({"a", odd});
  study.when = {{"b", {{"a", even}}}};
  EXPECT_EQ(quick_problems(study), "/parameters/b: applies to no configuration of this study\n");
}

}  // namespace
}  // namespace glimpse::experiments
