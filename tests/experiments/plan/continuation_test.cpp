#include "experiments/plan/continuation.h"

#include <gtest/gtest.h>

#include "tests/experiments/study_samples.h"

namespace glimpse::experiments {
namespace {

std::vector<Continuation> find(const Study& longer, const Study& earlier) {
  const Plan plan = make_plan(longer, {});
  const Plan earlier_plan = make_plan(earlier, {});
  return find_continuations({longer, plan}, {earlier, earlier_plan}, {});
}

TEST(Continuation, GoesOnFromTheLongestShorterRun) {
  const Study earlier =
      training({{"dropout", values({0.0, 0.5})}, {"epochs", values({10.0, 20.0, 40.0})}});
  // Written differently, and the same in all that counts.
  const Study longer = training({{"dropout", values({0.2, 0.5})},
                                 {"epochs", values({30.0})},
                                 {"learning_rate", values({5e-4})}});
  const auto found = find(longer, earlier);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].trial, 1U);
  EXPECT_EQ(found[0].from_epochs, 20);
  EXPECT_EQ(found[0].from, keys_of(make_plan(earlier, {}))[4]);
}

TEST(Continuation, CountsTheDefaultLengthToo) {
  const auto found = find(training({}), training({{"epochs", values({10.0})}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].from_epochs, 10);
}

TEST(Continuation, KeepsSeedsModelsAndDataApart) {
  const Study earlier = training({{"epochs", values({10.0})}});
  Study longer = training({});
  longer.seeds = {2};
  EXPECT_TRUE(find(longer, earlier).empty());
  longer = training({{"model", values({"conv"})}});
  EXPECT_TRUE(find(longer, earlier).empty());
  longer = training({});
  longer.dataset->seed = 1;
  EXPECT_TRUE(find(longer, earlier).empty());
  longer = training({});
  longer.arm = "b";
  EXPECT_TRUE(find(longer, earlier).empty());
}

TEST(Continuation, NeverGoesBackOrStandsStill) {
  EXPECT_TRUE(find(training({{"epochs", values({10.0})}}), training({})).empty());
  EXPECT_TRUE(find(training({}), training({})).empty());
  EXPECT_TRUE(find(command({}), command({})).empty());
}

TEST(Continuation, LeavesOutWhatDependsOnItsLength) {
  const Study earlier =
      training({{"epochs", values({10.0})}, {"schedule", values({"cosine", "step"})}});
  Study longer = earlier;
  longer.parameters[0].space = values({20.0});
  const auto found = find(longer, earlier);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].trial, 1U);
}

TEST(Continuation, IsRefusedForEveryConfigurationThatDependsOnItsLength) {
  const std::string problem =
      "/continue_from: the schedule \"cosine\" depends on the number of epochs, so a longer run is "
      "not a shorter one gone on\n";
  Study study = training({{"schedule", values({"step", "cosine"})}});
  study.continue_from = "short";
  EXPECT_EQ(plan_problems(study), problem);
  study.exclude = {{{"schedule", "cosine"}}};
  EXPECT_EQ(plan_problems(study), "");
  study = training({});
  study.continue_from = "short";
  study.method = Method::kList;
  study.points = {{{"epochs", 20.0}}, {{"schedule", "cosine"}}};
  EXPECT_EQ(plan_problems(study), problem);
  study.points.pop_back();
  EXPECT_EQ(plan_problems(study), "");
}

}  // namespace
}  // namespace glimpse::experiments
