#include "launcher/rebuild_trials.h"

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

TEST(RebuildTrials, AreTheSameTrialWhateverTheVersionOfTheirProgram) {
  experiments::TrialFile trial{.is_command = true,
                               .code = "1",
                               .key = std::string(64, 'a'),
                               .seed = 3,
                               .parameters = {{"x", 0.5}}};
  const std::string text = version_free_text(trial);
  trial.key = std::string(64, 'b');
  trial.code = "2";
  trial.origins = {{"x", "study.json"}};
  EXPECT_EQ(version_free_text(trial), text);
  trial.seed = 4;
  EXPECT_NE(version_free_text(trial), text);
}

TEST(RebuildTrials, StandInEveryTextThatPlansThemWithOneProgram) {
  PlacesInPlans places;
  places.add("trial", "own", "key", {0, 5});
  places.add("trial", "other", "key", {1, 2});
  EXPECT_EQ(places.find("trial"), (std::vector<PlaceInPlan>{{0, 5}, {1, 2}}));
  EXPECT_TRUE(places.find("another").empty());
}

TEST(RebuildTrials, StandInTheNewestTextOfOneNameThatChangedItsProgram) {
  PlacesInPlans places;
  places.add("trial", "own", "key", {0, 5});
  places.add("trial", "own", "new key", {1, 2});
  EXPECT_EQ(places.find("trial"), (std::vector<PlaceInPlan>{{1, 2}}));
}

TEST(RebuildTrials, BelongToNobodyWhereStudiesOfTwoProgramsPlanThem) {
  PlacesInPlans places;
  places.add("trial", "own", "key", {0, 5});
  places.add("trial", "other", "other key", {1, 2});
  EXPECT_TRUE(places.find("trial").empty());
}

}  // namespace
}  // namespace glimpse::launcher
