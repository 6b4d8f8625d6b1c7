// What may be decided, and what has to be.

#include <algorithm>
#include <cmath>

#include "tests/launcher/schedule/schedule_checker.h"

namespace glimpse::tests {

using launcher::TrialNumber;
using launcher::TrialPhase;

void ScheduleChecker::judge(const std::vector<launcher::ScheduleAction>& actions,
                            const launcher::Scheduler& scheduler,
                            double now_s) {
  spend(now_s);
  if (deadline_ && !is_deadline_over_ && now_s >= deadline_->at_s - deadline_->margin_s) {
    is_deadline_over_ = true;
    for (Trial& trial : trials_) {
      want_stop(trial, false);
    }
  }
  for (const auto& action : actions) {
    std::visit([this](const auto& content) { obey(content); }, action);
  }
  for (const std::string& text : owed_) {
    expect(false, "never said: " + text, 0);
  }
  owed_.clear();
  for (const TrialNumber number : running()) {
    expect(trials_[number].stop_said == trials_[number].stop_wanted, "was not stopped", number);
  }
  check_counts(scheduler);
  check_idle(scheduler);
  check_reservation(scheduler);
  check_over(scheduler);
}

void ScheduleChecker::obey(const launcher::Assign& action) {
  Trial& trial = trials_.at(action.trial);
  expect(trial.phase == TrialPhase::kPending, "started, though it does not wait", action.trial);
  expect(may_start(action.trial), "started, though it may not", action.trial);
  check_slots(action);
  check_order(action.trial);
  check_budget(action.trial);
  grant_group(trial);
  trial.phase = TrialPhase::kRunning;
  trial.was_tried = true;
  trial.has_checkpoint = false;
  trial.node = action.node;
  trial.slots = action.slots;
  trial.started_s = now_s_;
  trial.start_rest_s = trial.rest_s;
  trial.most_together = 1;
  for (const int slot : action.slots) {
    auto& together = in_slots_[{action.node, slot}];
    together.push_back(action.trial);
    for (const TrialNumber other : together) {
      trials_[other].most_together =
          std::max(trials_[other].most_together, static_cast<int>(together.size()));
    }
  }
}

void ScheduleChecker::obey(const launcher::Stop& action) {
  Trial& trial = trials_.at(action.trial);
  const int level = action.is_now ? 2 : 1;
  expect(trial.phase == TrialPhase::kRunning, "stopped, though it does not run", action.trial);
  expect(
      level == trial.stop_wanted && trial.stop_said < level, "stopped for nothing", action.trial);
  trial.stop_said = level;
}

void ScheduleChecker::obey(const launcher::Retry& action) {
  const auto found = owed_.find(words("retry", action.trial));
  expect(found != owed_.end(), "retried for nothing", action.trial);
  if (found != owed_.end()) {
    owed_.erase(found);
  }
}

void ScheduleChecker::obey(const launcher::GiveUp& action) {
  const auto found = owed_.find(words("give up", action.trial));
  expect(found != owed_.end(), "given up for nothing", action.trial);
  if (found != owed_.end()) {
    owed_.erase(found);
  }
}

void ScheduleChecker::obey(const launcher::ExcludeNode& action) {
  expect(owed_.erase(words("exclude", action.node)) == 1, words("excluded node", action.node), 0);
}

void ScheduleChecker::obey(const launcher::CloseStudy& action) {
  Study& study = studies_.at(action.study);
  expect(!action.reason.empty(), "closed without a reason", 0);
  if (owed_.erase(words("close", action.study)) == 1) {
    return;
  }
  expect(is_limited(study) && !study.is_closed && !study.is_stopped, "closed for nothing", 0);
  study.is_closed = true;
  // Even if all that was taken ended now.
  for (TrialNumber number = 0; number < trials_.size(); ++number) {
    const Trial& trial = trials_[number];
    const double left_s = study.rules.device_s ? *study.rules.device_s - study.used_s : INFINITY;
    const double wall_s =
        study.rules.wall_time_s ? study.started_s + *study.rules.wall_time_s - now_s_ : INFINITY;
    if (trial.demand.study == action.study && may_start(number) && !is_taken(number) &&
        !study.rules.takes_whole_configurations) {
      expect(left_s <= 0 || wall_s <= 0 || cost_s(trial) * trial.demand.slots > left_s - kNearly ||
                 cost_s(trial) > wall_s - kNearly,
             "closed, though there is room",
             number);
    }
  }
}

}  // namespace glimpse::tests
