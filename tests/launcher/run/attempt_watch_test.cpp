#include "launcher/run/attempt_watch.h"

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

TEST(AttemptWatch, IsContentWhereNothingIsLimited) {
  const AttemptWatch watch({.silence_s = 0, .trial_time_s = 0, .grace_s = 30}, 0);
  EXPECT_EQ(watch.check(1e9), std::nullopt);
}

TEST(AttemptWatch, CallsSilenceHungAndAnyLifeEndsIt) {
  AttemptWatch watch({.silence_s = 5}, 100);
  EXPECT_EQ(watch.check(104.9), std::nullopt);
  EXPECT_EQ(watch.check(105.1), WatchEnd::kHung);
  watch.saw_life(105);
  EXPECT_EQ(watch.check(109.9), std::nullopt);
  EXPECT_EQ(watch.describe(WatchEnd::kHung), "gave no sign of life for 5s");
}

TEST(AttemptWatch, GivesSlowBatchesTwentyTimesTheirTime) {
  AttemptWatch watch({.silence_s = 5}, 0);
  watch.saw_progress({.phase = "train", .step = 10}, 1);
  watch.saw_progress({.phase = "train", .step = 12}, 5);  // two seconds a batch
  EXPECT_EQ(watch.check(44), std::nullopt);
  EXPECT_EQ(watch.check(46), WatchEnd::kHung);
}

TEST(AttemptWatch, MeasuresNoBatchAcrossPhases) {
  AttemptWatch watch({.silence_s = 5}, 0);
  watch.saw_progress({.phase = "load", .step = 0}, 0);
  watch.saw_progress({.phase = "train", .step = 1}, 4);
  EXPECT_EQ(watch.check(9.5), WatchEnd::kHung);
}

TEST(AttemptWatch, EndsWhatTakesTooLongOrDoesNotLeave) {
  AttemptWatch watch({.silence_s = 0, .trial_time_s = 50, .grace_s = 3}, 0);
  EXPECT_EQ(watch.check(51), WatchEnd::kTimedOut);
  watch.stop_asked(10);
  watch.stop_asked(12);  // the second request gives no new grace
  EXPECT_EQ(watch.check(12.9), std::nullopt);
  EXPECT_EQ(watch.check(13.1), WatchEnd::kGraceOver);
}

}  // namespace
}  // namespace glimpse::launcher
