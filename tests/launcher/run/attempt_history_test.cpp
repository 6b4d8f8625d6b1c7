#include "launcher/run/attempt_history.h"

#include <vector>

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

using storage::AttemptFacts;
using storage::AttemptState;

AttemptFacts failed(const std::string& fault, std::int64_t checkpoints = 0) {
  return {.state = AttemptState::kFailed, .fault_class = fault, .checkpoints = checkpoints};
}
AttemptFacts ended(AttemptState state) {
  return {.state = state};
}

TEST(AttemptHistory, CountsFailuresSinceTheLastCheckpoint) {
  EXPECT_EQ(failures_in_a_row({}), 0);
  EXPECT_EQ(failures_in_a_row(std::vector{failed("signal"),
                                          ended(AttemptState::kLost),
                                          ended(AttemptState::kStopped),
                                          failed("hung")}),
            2);
  EXPECT_EQ(failures_in_a_row(std::vector{failed("signal"), failed("signal", 1), failed("hung")}),
            1);
}

TEST(AttemptHistory, TellsTheLastFailureFromTheOthers) {
  EXPECT_TRUE(has_failed_for_good(std::vector{failed("signal"), failed("signal")}, 2));
  EXPECT_FALSE(has_failed_for_good(std::vector{failed("signal"), failed("signal")}, 3));
  EXPECT_FALSE(has_failed_for_good(std::vector{failed("signal"), failed("signal", 1)}, 2));
  EXPECT_TRUE(has_failed_for_good(std::vector{failed("bad_config")}, 3)) << "is never retried";
  EXPECT_TRUE(has_failed_for_good(std::vector{failed("oom")}, 3)) << "it was alone";
}

TEST(AttemptHistory, OfATrialThatDidNotFailLastIsOpen) {
  EXPECT_FALSE(has_failed_for_good({}, 1));
  EXPECT_FALSE(has_failed_for_good(std::vector{failed("signal"), ended(AttemptState::kLost)}, 1));
}

}  // namespace
}  // namespace glimpse::launcher
