#pragma once

// A schedule small enough to follow by hand: says events at a time of the test's choosing and sorts
// out what is decided.

#include <vector>

#include <gtest/gtest.h>

#include "launcher/schedule/scheduler.h"

namespace glimpse::launcher {

using Actions = std::vector<ScheduleAction>;

class SchedulerRules : public testing::Test {
 protected:
  void study(const StudyRules& rules) { scheduler_.on(AddStudy{rules}, now_s_); }
  void node(NodeNumber number, int slots, std::uint64_t memory = 0) {
    scheduler_.on(NodeJoined{number, {slots, memory}}, now_s_);
  }
  void trial(const TrialDemand& demand) { scheduler_.on(AddTrial{demand}, now_s_); }
  void trials(int count, const TrialDemand& demand) {
    for (int i = 0; i < count; ++i) {
      trial(demand);
    }
  }
  void end(TrialNumber number, EndKind kind = EndKind::kFinished) {
    scheduler_.on(AttemptEnded{number, kind}, now_s_);
  }
  void fail(TrialNumber number, experiments::FaultClass fault = experiments::FaultClass::kSignal) {
    scheduler_.on(AttemptEnded{number, EndKind::kFailed, fault}, now_s_);
  }
  Actions decide() { return scheduler_.decide(now_s_); }
  // The trials that start now.
  std::vector<TrialNumber> starts() {
    std::vector<TrialNumber> started;
    for (const ScheduleAction& action : decide()) {
      if (const auto* const assign = std::get_if<Assign>(&action)) {
        started.push_back(assign->trial);
      }
    }
    return started;
  }
  template <class Action>
  static std::vector<Action> of(const Actions& actions) {
    std::vector<Action> found;
    for (const ScheduleAction& action : actions) {
      if (const auto* const one = std::get_if<Action>(&action)) {
        found.push_back(*one);
      }
    }
    return found;
  }
  using Numbers = std::vector<TrialNumber>;

  Scheduler scheduler_;
  double now_s_ = 0;
};

}  // namespace glimpse::launcher
