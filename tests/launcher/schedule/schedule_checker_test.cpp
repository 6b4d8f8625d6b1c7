// The checker must object to a schedule that breaks a rule: each case is right but for one thing.

#include "tests/launcher/schedule/schedule_checker.h"

#include <gtest/gtest.h>

namespace glimpse::tests {
namespace {

using namespace launcher;  // NOLINT(google-build-using-namespace): nearly every name is from there
using experiments::FaultClass;
using Actions = std::vector<ScheduleAction>;

// A node of two slots with a trial of 10 s, one of 5 s, and a gang of two.
class CheckerFires : public testing::Test {
 protected:
  CheckerFires() {
    say(AddStudy{});
    say(NodeJoined{0, {.slots = 2}});
    say(AddTrial{{.expected_s = 10}});
    say(AddTrial{{.expected_s = 5}});
    say(AddTrial{{.slots = 2, .expected_s = 1}});
  }
  void say(const ScheduleEvent& event) {
    scheduler_.on(event, 0);
    checker_.on(event, 0);
  }
  // What it says of the real decision, replaced by `actions` where there are any.
  std::string verdict(const std::optional<Actions>& actions = {}) {
    const Actions real = scheduler_.decide(0);
    checker_.judge(actions.value_or(real), scheduler_, 0);
    return checker_.violations().empty() ? "" : checker_.violations().front();
  }
  void expect_objection(const Actions& actions, const std::string& words) {
    const std::string objection = verdict(actions);
    EXPECT_NE(objection.find(words), std::string::npos) << objection;
  }

  Scheduler scheduler_;
  ScheduleChecker checker_;
};

TEST_F(CheckerFires, NotAtARightDecision) {
  EXPECT_EQ(verdict(), "");
}
TEST_F(CheckerFires, AtTheWrongOrder) {
  expect_objection({Assign{1, 0, {0}}, Assign{0, 0, {1}}}, "started before trial 0");
}
TEST_F(CheckerFires, AtATakenSlot) {
  expect_objection({Assign{0, 0, {0}}, Assign{1, 0, {0}}}, "too much company");
}
TEST_F(CheckerFires, AtAnIdleSlot) {
  expect_objection({Assign{0, 0, {0}}}, "is counted wrongly");
}
TEST_F(CheckerFires, AtANodeThatIsNone) {
  expect_objection({Assign{0, 4, {0}}}, "not in use");
}
TEST_F(CheckerFires, AtTooFewSlots) {
  expect_objection({Assign{2, 0, {0}}}, "another number of slots");
}
TEST_F(CheckerFires, AtATrialThatStartsTwice) {
  expect_objection({Assign{0, 0, {0}}, Assign{0, 0, {1}}}, "does not wait");
}
TEST_F(CheckerFires, AtAStopThatNobodyAskedFor) {
  expect_objection({Assign{0, 0, {0}}, Assign{1, 0, {1}}, Stop{0, false}}, "stopped for nothing");
}
TEST_F(CheckerFires, AtARetryThatIsNone) {
  expect_objection({Retry{0, FaultClass::kSignal}}, "retried for nothing");
}
TEST_F(CheckerFires, AtAGiveUpInsteadOfARetry) {
  verdict();
  say(AttemptEnded{0, EndKind::kFailed, FaultClass::kSignal});
  expect_objection({GiveUp{0, FaultClass::kSignal}, Assign{0, 0, {0}}}, "given up for nothing");
}
TEST_F(CheckerFires, AtACloseForNothing) {
  expect_objection({CloseStudy{0, "why not"}}, "closed for nothing");
}
TEST_F(CheckerFires, AtANodeLeftOutForNothing) {
  expect_objection({ExcludeNode{0, FaultClass::kCuda}}, "excluded node 0");
}
TEST_F(CheckerFires, AtAStartPastTheBudget) {
  say(AddStudy{{.device_s = 5}});
  say(AddTrial{{.study = 1, .expected_s = 6}});
  expect_objection({Assign{3, 0, {0}}}, "does not fit into the budget");
}
TEST_F(CheckerFires, AtAStartPastTheDeadline) {
  say(Deadline{.at_s = 10, .margin_s = 10});
  expect_objection({Assign{0, 0, {0}}}, "may not");
}
TEST_F(CheckerFires, AtSilence) {
  verdict();
  say(StopAll{});
  expect_objection({}, "was not stopped");
}

}  // namespace
}  // namespace glimpse::tests
