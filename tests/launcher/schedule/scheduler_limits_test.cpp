// What ends a study or a trial early, and what makes no sense, each rule on its own.

#include <stdexcept>

#include "tests/launcher/schedule/scheduler_rules.h"

namespace glimpse::launcher {
namespace {

using experiments::FaultClass;

TEST_F(SchedulerRules, TakesOnlyWhatFitsIntoTheDeviceBudget) {
  study({.device_s = 100, .device_s_used = 20});
  node(0, 4);
  for (const double expected_s : {90.0, 50.0, 40.0, 30.0}) {
    trial({.expected_s = expected_s});
  }
  EXPECT_EQ(starts(), (Numbers{1, 3}));  // 20 + 50 + 30
  now_s_ = 10;
  end(1);  // 40 less than expected; 40 are used, so 90 can never fit any more
  const Actions actions = decide();
  EXPECT_EQ(of<Assign>(actions), (std::vector{Assign{2, 0, {0}}}));
  ASSERT_EQ(of<CloseStudy>(actions).size(), 1U);
  EXPECT_NE(of<CloseStudy>(actions)[0].reason.find("limits.device_hours"), std::string::npos);
  EXPECT_EQ(scheduler_.wait_reason(0), WaitReason::kBudget);
  now_s_ = 100;
  fail(2);  // it was taken, so it runs on
  EXPECT_EQ(starts(), Numbers{2});
  end(2);
  end(3);
  EXPECT_TRUE(decide().empty());  // said once
  EXPECT_TRUE(scheduler_.is_over());
}

TEST_F(SchedulerRules, NothingStartsThatWouldEndAfterTheWallTime) {
  study({.wall_time_s = 100});
  node(0, 1);
  trial({.expected_s = 60});
  trial({.expected_s = 50});
  trial({.expected_s = 30});
  EXPECT_EQ(starts(), Numbers{0});
  now_s_ = 60;
  end(0);
  const Actions actions = decide();
  EXPECT_EQ(of<Assign>(actions), (std::vector{Assign{2, 0, {0}}}));
  EXPECT_EQ(of<CloseStudy>(actions).size(), 1U);  // 50 do not fit into the 40 that are left
  now_s_ = 90;
  end(2);
  EXPECT_TRUE(decide().empty());
  EXPECT_TRUE(scheduler_.is_over());
}

TEST_F(SchedulerRules, AConfigurationIsTakenWholeOrNotAtAll) {
  study({.device_s = 100, .takes_whole_configurations = true});
  node(0, 1);
  for (const std::uint32_t configuration : {0, 0, 0, 1, 1, 1}) {
    trial({.configuration = configuration, .expected_s = 25});
  }
  Numbers started;
  for (Numbers next = starts(); !next.empty(); next = starts()) {
    started.push_back(next.at(0));
    now_s_ += 25;
    end(next.at(0));
  }
  EXPECT_EQ(started, (Numbers{0, 1, 2}));
  EXPECT_TRUE(scheduler_.is_over());
}

TEST_F(SchedulerRules, AnUnknownDurationCountsAsTheMeanOfWhatEnded) {
  study({.device_s = 100});
  node(0, 1);
  trials(4, {});
  for (const TrialNumber number : {0U, 1U}) {
    EXPECT_EQ(starts(), Numbers{number});
    now_s_ += 40;
    end(number);
  }
  EXPECT_TRUE(starts().empty());  // 80 + 40 are more than 100
}

TEST_F(SchedulerRules, WhatAnEarlierRunTookNeedsNoBudget) {
  study({.device_s = 10, .device_s_used = 10, .takes_whole_configurations = true});
  node(0, 2);
  trial({.configuration = 0, .expected_s = 5, .is_taken = true});
  trial({.configuration = 1, .expected_s = 5});
  EXPECT_EQ(starts(), Numbers{0});
}

TEST_F(SchedulerRules, NothingStartsThatCannotSaveBeforeTheDeadlineAndWhatRunsStopsOnce) {
  study({});
  node(0, 3);
  scheduler_.on(Deadline{.at_s = 100, .margin_s = 20}, 0);
  EXPECT_EQ(scheduler_.next_time_s(), 80);
  trial({.expected_s = 1000, .shortest_s = 80});
  trial({.shortest_s = 81});
  EXPECT_EQ(starts(), Numbers{0});
  now_s_ = 79;
  EXPECT_TRUE(decide().empty());
  now_s_ = 80;
  EXPECT_EQ(decide(), (Actions{Stop{0, false}}));
  EXPECT_TRUE(decide().empty());
  end(0, EndKind::kStopped);
  EXPECT_TRUE(decide().empty());
  EXPECT_EQ(scheduler_.wait_reason(0), WaitReason::kDeadline);
  EXPECT_TRUE(scheduler_.is_over());
  scheduler_.on(Deadline{.at_s = 1000, .margin_s = 20}, now_s_);
  EXPECT_EQ(starts(), (Numbers{1, 0}));
}

TEST_F(SchedulerRules, TheFirstTrialsThatFailAlikeEndAStudy) {
  study({.stop_if = {.first = 2, .of_last = 0}});
  node(0, 3);
  trials(4, {});
  decide();
  fail(0);
  fail(0);  // late, so it says nothing
  end(2, EndKind::kLost);
  EXPECT_TRUE(of<CloseStudy>(decide()).empty());
  fail(1);
  const Actions actions = decide();
  ASSERT_EQ(of<CloseStudy>(actions).size(), 1U);
  EXPECT_EQ(of<CloseStudy>(actions)[0].reason,
            "the first 2 trials all failed with signal (limits.stop_if)");
  EXPECT_TRUE(of<Assign>(actions).empty());
  EXPECT_EQ(of<Stop>(actions).size(), scheduler_.count(TrialPhase::kRunning));
}

TEST_F(SchedulerRules, ATrialThatFailsAgainCountsOnce) {
  study({.retry_max = 9, .stop_if = {.first = 2, .of_last = 2, .share = 1}});
  node(0, 1);
  trial({});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(starts(), Numbers{0});
    fail(0);
  }
  EXPECT_TRUE(of<CloseStudy>(decide()).empty());
}

TEST_F(SchedulerRules, AShareOfTheLastTrialsEndsAStudy) {
  study({.stop_if = {.first = 0, .of_last = 4, .share = 0.5}});
  node(0, 5);
  trials(5, {});
  decide();
  fail(0);
  fail(1, FaultClass::kExitCode);
  fail(2);
  EXPECT_TRUE(of<CloseStudy>(decide()).empty());  // only three have ended
  end(3);
  const auto closed = of<CloseStudy>(decide());
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].reason, "2 of the last 4 trials failed with signal (limits.stop_if)");
}

TEST_F(SchedulerRules, StopsAndThenEndsAtOnce) {
  study({});
  study({});
  node(0, 3);
  trials(2, {.study = 0});
  trial({.study = 1});
  trial({.study = 0});
  decide();
  scheduler_.on(StopStudy{0, false}, 0);
  EXPECT_EQ(decide(), (Actions{Stop{0, false}, Stop{1, false}}));
  scheduler_.on(StopStudy{0, false}, 0);
  EXPECT_TRUE(decide().empty());
  end(0, EndKind::kStopped);
  scheduler_.on(StopAll{true}, 0);
  EXPECT_EQ(decide(), (Actions{Stop{1, true}, Stop{2, true}}));
  end(1, EndKind::kStopped);
  end(2, EndKind::kStopped);
  decide();
  EXPECT_EQ(scheduler_.count(TrialPhase::kPending), 4U);
  EXPECT_TRUE(scheduler_.is_over());
}

TEST_F(SchedulerRules, AStoppedTrialDoesNotStartAgain) {
  study({});
  node(0, 1);
  trials(3, {});
  decide();
  scheduler_.on(StopTrial{1, false}, 0);
  scheduler_.on(StopTrial{0, false}, 0);
  EXPECT_EQ(decide(), (Actions{Stop{0, false}}));
  end(0, EndKind::kStopped);
  EXPECT_EQ(starts(), Numbers{2});
  EXPECT_EQ(scheduler_.wait_reason(0), WaitReason::kStopped);
  EXPECT_EQ(scheduler_.wait_reason(1), WaitReason::kStopped);
}

TEST_F(SchedulerRules, AnEndThatComesTwiceOrTooLateIsPassedOver) {
  study({});
  node(0, 1);
  trials(2, {});
  EXPECT_EQ(starts(), Numbers{0});
  end(0);
  end(0, EndKind::kLost);
  fail(1);  // it has not started
  EXPECT_EQ(starts(), Numbers{1});
  EXPECT_EQ(scheduler_.phase(0), TrialPhase::kDone);
}

TEST_F(SchedulerRules, WaitsForItsFirstNode) {
  study({});
  trial({});
  EXPECT_TRUE(decide().empty());
  EXPECT_FALSE(scheduler_.is_over());
  node(0, 1);
  EXPECT_EQ(starts(), Numbers{0});
}

TEST_F(SchedulerRules, WhatMakesNoSenseIsRefused) {
  study({.takes_whole_configurations = true});
  node(0, 1);
  trial({.configuration = 1});
  EXPECT_THROW(trial({.study = 1}), std::out_of_range);
  EXPECT_THROW(end(7), std::out_of_range);
  EXPECT_THROW(scheduler_.on(StopStudy{4}, 0), std::out_of_range);
  EXPECT_THROW(node(0, 1), std::invalid_argument);
  EXPECT_THROW(node(1, 0), std::invalid_argument);
  EXPECT_THROW(trial({.slots = 0}), std::invalid_argument);
  EXPECT_THROW(trial({.configuration = 1, .slots = 2}), std::invalid_argument);
  EXPECT_THROW(study({.lanes = 0}), std::invalid_argument);
  EXPECT_EQ(starts(), Numbers{0});  // and nothing of it has stuck
}

}  // namespace
}  // namespace glimpse::launcher
