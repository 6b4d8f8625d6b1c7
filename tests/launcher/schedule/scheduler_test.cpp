// Order, places and failures, each rule on its own.

#include <algorithm>

#include "tests/launcher/schedule/scheduler_rules.h"

namespace glimpse::launcher {
namespace {

using experiments::FaultClass;

TEST_F(SchedulerRules, LongestGoesFirstAndEqualOnesByNumber) {
  study({});
  node(0, 4);
  for (const double expected_s : {10.0, 30.0, 20.0, 30.0}) {
    trial({.expected_s = expected_s});
  }
  EXPECT_EQ(starts(), (Numbers{1, 3, 2, 0}));
}

TEST_F(SchedulerRules, WhatWasTriedStandsBehindWhatWasNot) {
  study({});
  node(0, 1);
  trial({.expected_s = 50, .was_tried = true});
  trials(2, {.expected_s = 10});
  EXPECT_EQ(starts(), Numbers{1});
  fail(1);
  EXPECT_EQ(starts(), Numbers{2});
  end(2);
  EXPECT_EQ(starts(), Numbers{0});
}

TEST_F(SchedulerRules, SeedsOfAConfigurationStayTogether) {
  study({.takes_whole_configurations = true});
  node(0, 6);
  for (const std::uint32_t configuration : {0, 1, 2, 0, 1, 2}) {
    trial({.configuration = configuration, .expected_s = 10});
  }
  EXPECT_EQ(starts(), (Numbers{0, 3, 1, 4, 2, 5}));
}

TEST_F(SchedulerRules, IsRetriedUntilSoManyFailuresBroughtNoCheckpoint) {
  study({.retry_max = 2});
  node(0, 1);
  trial({});
  EXPECT_EQ(starts(), Numbers{0});
  fail(0);
  EXPECT_EQ(decide(), (Actions{Retry{0, FaultClass::kSignal}, Assign{0, 0, {0}}}));
  scheduler_.on(CheckpointWritten{0}, now_s_);
  fail(0);  // got on, so it does not count
  EXPECT_EQ(decide(), (Actions{Retry{0, FaultClass::kSignal}, Assign{0, 0, {0}}}));
  end(0, EndKind::kLost);  // never counts
  EXPECT_EQ(starts(), Numbers{0});
  fail(0);
  EXPECT_EQ(starts(), Numbers{0});
  fail(0);
  EXPECT_EQ(decide(), (Actions{GiveUp{0, FaultClass::kSignal}}));
  EXPECT_EQ(scheduler_.phase(0), TrialPhase::kFailed);
  EXPECT_TRUE(scheduler_.is_over());
}

TEST_F(SchedulerRules, SomeFaultsAreNeverRetried) {
  for (const FaultClass fault :
       {FaultClass::kBadConfig, FaultClass::kBadData, FaultClass::kProtocol, FaultClass::kOom}) {
    Scheduler scheduler;
    scheduler.on(AddStudy{}, 0);
    scheduler.on(NodeJoined{0, {}}, 0);
    scheduler.on(AddTrial{}, 0);
    scheduler.decide(0);
    scheduler.on(AttemptEnded{0, EndKind::kFailed, fault}, 0);
    EXPECT_EQ(scheduler.decide(0), (Actions{GiveUp{0, fault}}));
  }
}

TEST_F(SchedulerRules, ANodeAtFaultIsLeftOutButNeverTheLast) {
  study({});
  node(3, 1);
  node(7, 1);
  trials(2, {});
  decide();
  fail(0, FaultClass::kDiskFull);
  EXPECT_EQ(decide(),
            (Actions{ExcludeNode{3, FaultClass::kDiskFull}, Retry{0, FaultClass::kDiskFull}}));
  fail(1, FaultClass::kCuda);
  const Actions actions = decide();
  EXPECT_TRUE(of<ExcludeNode>(actions).empty());
  EXPECT_EQ(of<Assign>(actions), (std::vector{Assign{0, 7, {0}}}));
}

TEST_F(SchedulerRules, SlotsAreFilledBeforeTheyAreShared) {
  study({.lanes = 2});
  node(0, 2);
  trials(5, {});
  EXPECT_EQ(decide(),
            (Actions{Assign{0, 0, {0}}, Assign{1, 0, {1}}, Assign{2, 0, {0}}, Assign{3, 0, {1}}}));
  end(1);
  EXPECT_EQ(decide(), (Actions{Assign{4, 0, {1}}}));
}

TEST_F(SchedulerRules, StudiesDoNotShareASlot) {
  study({.lanes = 8});
  study({.lanes = 8});
  node(0, 1);
  trial({.study = 0});
  trial({.study = 1});
  EXPECT_EQ(starts(), Numbers{0});
}

TEST_F(SchedulerRules, LanesHalveOnceWhenTrialsThatShareRunOutOfMemory) {
  study({.retry_max = 1, .lanes = std::nullopt});
  node(0, 1);
  trials(9, {});
  EXPECT_EQ(starts().size(), 8U);
  fail(0, FaultClass::kOom);
  fail(1, FaultClass::kOom);
  EXPECT_EQ(scheduler_.lanes(0), 4);
  const Actions actions = decide();
  EXPECT_EQ(of<Retry>(actions).size(), 2U);  // not counted, so a limit of one is not reached
  EXPECT_TRUE(of<Assign>(actions).empty());  // six are in there still
}

TEST_F(SchedulerRules, WithFixedLanesWhatRanOutOfMemoryGetsASlotToItself) {
  study({.lanes = 2});
  node(0, 1);
  trials(2, {});
  EXPECT_EQ(starts(), (Numbers{0, 1}));
  fail(0, FaultClass::kOom);
  EXPECT_TRUE(starts().empty());
  end(1);
  EXPECT_EQ(starts(), Numbers{0});
  fail(0, FaultClass::kOom);
  EXPECT_EQ(decide(), (Actions{GiveUp{0, FaultClass::kOom}}));
}

TEST_F(SchedulerRules, MemoryOfANodeIsNotPromisedTwice) {
  study({});
  node(0, 4, 100);
  trials(3, {.memory_bytes = 40});
  trial({.memory_bytes = 200});
  EXPECT_EQ(starts(), (Numbers{0, 1}));
  end(0);
  EXPECT_EQ(starts(), Numbers{2});
  EXPECT_EQ(scheduler_.wait_reason(3), WaitReason::kTooBig);
  end(1);
  end(2);
  decide();
  EXPECT_TRUE(scheduler_.is_over());
}

TEST_F(SchedulerRules, AGangGetsTheNodeThatIsFreeSoonestAndOthersGoElsewhere) {
  study({});
  study({});
  node(0, 2);
  node(1, 2);
  for (const double expected_s : {100.0, 90.0, 50.0, 40.0}) {
    trial({.expected_s = expected_s});
  }
  trial({.study = 1, .slots = 2, .expected_s = 5});
  trials(8, {.expected_s = 1});
  EXPECT_EQ(starts(), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(scheduler_.reservation(), (Reservation{1, 1, 2}));
  now_s_ = 40;
  end(3);
  EXPECT_TRUE(starts().empty());  // its slot is kept
  end(0);
  EXPECT_EQ(starts(), Numbers{5});  // node 0 is open to all
  now_s_ = 50;
  end(2);
  EXPECT_EQ(decide(), (Actions{Assign{4, 1, {0, 1}}}));
  EXPECT_FALSE(scheduler_.reservation());
}

TEST_F(SchedulerRules, GangsOfAllStudiesGetTheirTurnInAStreamOfSingles) {
  study({});
  study({});
  study({});
  node(0, 2);
  trials(40, {.expected_s = 100});
  trials(3, {.study = 1, .slots = 2, .expected_s = 5});
  trials(3, {.study = 2, .slots = 2, .expected_s = 1});
  Numbers started;
  for (Numbers running = starts();
       !running.empty() || scheduler_.count(TrialPhase::kRunning) > 0;) {
    started.insert(started.end(), running.begin(), running.end());
    now_s_ += 1;
    for (TrialNumber i = 0; i < 46; ++i) {  // one ends at a time
      if (scheduler_.phase(i) == TrialPhase::kRunning) {
        end(i);
        break;
      }
    }
    running = starts();
  }
  ASSERT_EQ(started.size(), 46U);
  const auto place = [&](TrialNumber number) {
    return std::find(started.begin(), started.end(), number) - started.begin();
  };
  EXPECT_LT(place(40), 6);
  EXPECT_LT(place(43), place(41));  // the other study has waited longer by then
}

}  // namespace
}  // namespace glimpse::launcher
