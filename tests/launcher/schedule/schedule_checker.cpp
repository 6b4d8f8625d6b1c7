#include "tests/launcher/schedule/schedule_checker.h"

#include <algorithm>
#include <cmath>

namespace glimpse::tests {

using experiments::FaultClass;
using launcher::EndKind;
using launcher::NodeNumber;
using launcher::StudyNumber;
using launcher::TrialNumber;
using launcher::TrialPhase;

std::string ScheduleChecker::words(const std::string& what, std::uint64_t number) {
  return what + " " + std::to_string(number);
}

void ScheduleChecker::expect(bool is_true, const std::string& what, TrialNumber trial) {
  if (!is_true) {
    violations_.push_back(what + " (trial " + std::to_string(trial) + " at " +
                          std::to_string(now_s_) + " s)");
  }
}

std::vector<TrialNumber> ScheduleChecker::running() const {
  std::vector<TrialNumber> found;
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    if (trials_[i].phase == TrialPhase::kRunning) {
      found.push_back(static_cast<TrialNumber>(i));
    }
  }
  return found;
}

// A slot that is busy costs its study the time that went by.
void ScheduleChecker::spend(double now_s) {
  for (const auto& [number, node] : nodes_) {
    for (int slot = 0; slot < node.facts.slots; ++slot) {
      const auto& trials = in_slot(number, slot);
      if (!trials.empty()) {
        studies_[trials_[trials[0]].demand.study].used_s += now_s - now_s_;
      }
    }
  }
  now_s_ = now_s;
}

void ScheduleChecker::on(const launcher::ScheduleEvent& event, double now_s) {
  spend(now_s);
  std::visit([this](const auto& content) { take(content); }, event);
}

void ScheduleChecker::take(const launcher::AddStudy& event) {
  Study study;
  study.rules = event.rules;
  study.started_s = now_s_;
  study.lanes = event.rules.lanes.value_or(8);
  study.used_s = event.rules.device_s_used;
  studies_.push_back(study);
}

void ScheduleChecker::take(const launcher::AddTrial& event) {
  Trial trial;
  trial.demand = event.demand;
  trial.was_tried = event.demand.was_tried;
  trial.failures = event.demand.failures;
  trials_.push_back(trial);
  const auto number = static_cast<TrialNumber>(trials_.size() - 1);
  if (event.demand.is_taken || !is_limited(studies_[event.demand.study]) || is_taken(number)) {
    grant_group(trials_[number]);
  }
}

// All of its configuration is taken now, at what an unknown duration counts as now.
void ScheduleChecker::grant_group(const Trial& trial) {
  for (Trial& other : trials_) {
    if (is_same_group(trial, other) && !other.is_granted && !other.is_held) {
      other.is_granted = true;
      other.rest_s = cost_s(other);
    }
  }
}

void ScheduleChecker::take(const launcher::NodeJoined& event) {
  nodes_[event.node] = {event.facts, false};
}

void ScheduleChecker::take(const launcher::CheckpointWritten& event) {
  Trial& trial = trials_[event.trial];
  if (trial.phase == TrialPhase::kRunning) {
    trial.has_checkpoint = true;
    trial.failures = 0;
    trial.rest_s = std::max(0.0, trial.start_rest_s - (now_s_ - trial.started_s));
  }
}

void ScheduleChecker::take(const launcher::AttemptEnded& event) {
  Trial& trial = trials_[event.trial];
  if (trial.phase != TrialPhase::kRunning) {
    return;
  }
  for (const int slot : trial.slots) {
    std::erase(in_slots_[{trial.node, slot}], event.trial);
  }
  trial.spent_s += now_s_ - trial.started_s;
  trial.stop_wanted = 0;
  trial.stop_said = 0;
  trial.phase = TrialPhase::kPending;
  if (event.kind == EndKind::kFinished) {
    trial.phase = TrialPhase::kDone;
    studies_[trial.demand.study].durations.push_back(trial.spent_s);
    first_end(trial, "");
  } else if (event.kind == EndKind::kFailed) {
    fail(event.trial, event.fault);
  }
}

// Written down from the table of classes by hand.
void ScheduleChecker::fail(TrialNumber number, FaultClass fault) {
  Trial& trial = trials_[number];
  Study& study = studies_[trial.demand.study];
  const bool is_shared_oom = fault == FaultClass::kOom && trial.most_together > 1;
  const bool is_final = fault == FaultClass::kBadConfig || fault == FaultClass::kBadData ||
                        fault == FaultClass::kProtocol ||
                        (fault == FaultClass::kOom && !is_shared_oom);
  trial.failures = trial.has_checkpoint ? 0 : trial.failures + (is_shared_oom ? 0 : 1);
  const bool is_over = !is_shared_oom && trial.failures >= study.rules.retry_max;
  trial.phase = is_final || is_over ? TrialPhase::kFailed : TrialPhase::kPending;
  if (is_shared_oom && study.rules.lanes) {
    trial.is_alone = true;
  } else if (is_shared_oom) {
    study.lanes = std::max(1, std::min(study.lanes, trial.most_together / 2));
  }
  const bool is_nodes =
      fault == FaultClass::kCuda || fault == FaultClass::kNccl || fault == FaultClass::kDiskFull;
  if (is_nodes && nodes_in_use() > 1 && !nodes_[trial.node].is_excluded) {
    nodes_[trial.node].is_excluded = true;
    owed_.insert(words("exclude", trial.node));
  }
  owed_.insert(words(trial.phase == TrialPhase::kFailed ? "give up" : "retry", number));
  first_end(trial, std::to_string(static_cast<int>(fault)));
}

void ScheduleChecker::first_end(Trial& trial, const std::string& name) {
  Study& study = studies_[trial.demand.study];
  if (trial.has_first_end || study.is_stopped) {
    return;
  }
  trial.has_first_end = true;
  study.first_ends.push_back(name);
  const auto& ends = study.first_ends;
  const auto alike = [&](std::size_t count, const std::string& kind) {
    return std::count(ends.end() - static_cast<std::ptrdiff_t>(count), ends.end(), kind);
  };
  const auto& rule = study.rules.stop_if;
  bool is_broken = false;
  for (const std::string& kind : std::set<std::string>(ends.begin(), ends.end())) {
    const std::size_t size = ends.size();
    is_broken = is_broken || (!kind.empty() && size == static_cast<std::size_t>(rule.first) &&
                              alike(size, kind) == rule.first);
    const auto last = static_cast<std::size_t>(rule.of_last);
    is_broken = is_broken || (!kind.empty() && rule.of_last > 0 && size >= last &&
                              static_cast<double>(alike(last, kind)) >= rule.share * rule.of_last);
  }
  if (is_broken) {
    owed_.insert(words("close", trial.demand.study));
    take(launcher::StopStudy{trial.demand.study, false});
  }
}

void ScheduleChecker::want_stop(Trial& trial, bool is_now) {
  if (trial.phase == TrialPhase::kRunning) {
    trial.stop_wanted = std::max(trial.stop_wanted, is_now ? 2 : 1);
  }
}

void ScheduleChecker::take(const launcher::StopStudy& event) {
  studies_[event.study].is_stopped = true;
  for (Trial& trial : trials_) {
    if (trial.demand.study == event.study) {
      want_stop(trial, event.is_now);
    }
  }
}

void ScheduleChecker::take(const launcher::StopTrial& event) {
  Trial& trial = trials_[event.trial];
  trial.is_held =
      trial.is_held || trial.phase == TrialPhase::kRunning || trial.phase == TrialPhase::kPending;
  want_stop(trial, event.is_now);
}

void ScheduleChecker::take(const launcher::StopAll& event) {
  is_all_stopped_ = true;
  for (Trial& trial : trials_) {
    want_stop(trial, event.is_now);
  }
}

void ScheduleChecker::take(const launcher::Deadline& event) {
  deadline_ = event;
  is_deadline_over_ = false;
}

void ScheduleChecker::take(const launcher::Tick& /*event*/) {}

void ScheduleChecker::check_slots(const launcher::Assign& action) {
  const Trial& trial = trials_[action.trial];
  const auto node = nodes_.find(action.node);
  if (node == nodes_.end() || node->second.is_excluded) {
    expect(false, "started on a node that is not in use", action.trial);
    return;
  }
  const std::set<int> slots(action.slots.begin(), action.slots.end());
  expect(slots.size() == action.slots.size() &&
             slots.size() == static_cast<std::size_t>(trial.demand.slots),
         "has another number of slots than it asked for",
         action.trial);
  expect(has_memory(action.node, trial.demand.memory_bytes), "has no memory", action.trial);
  for (const int slot : slots) {
    expect(slot >= 0 && slot < node->second.facts.slots, "has a slot that is none", action.trial);
    const auto& others = in_slot(action.node, slot);
    expect(static_cast<int>(others.size()) < lanes_of(trial), "has too much company", action.trial);
    for (const TrialNumber other : others) {
      expect(trials_[other].demand.study == trial.demand.study && lanes_of(trials_[other]) > 1,
             "shares with a stranger",
             action.trial);
    }
  }
}

// Of trials that ask for the same, the one that starts comes first. Studies with budgets take what
// fits, so nothing is said of those.
void ScheduleChecker::check_order(TrialNumber number) {
  const Trial& trial = trials_[number];
  if (is_limited(studies_[trial.demand.study])) {
    return;
  }
  for (TrialNumber other = 0; other < trials_.size(); ++other) {
    const Trial& rival = trials_[other];
    const bool asks_same =
        rival.demand.study == trial.demand.study && rival.demand.slots == trial.demand.slots &&
        rival.demand.memory_bytes == trial.demand.memory_bytes && rival.is_alone == trial.is_alone;
    if (other == number || !asks_same || !may_start(other)) {
      continue;
    }
    const bool is_earlier = rival.was_tried != trial.was_tried
                                ? !rival.was_tried
                                : rival.demand.expected_s > trial.demand.expected_s;
    expect(!is_earlier, words("started before trial", other), number);
  }
}

double ScheduleChecker::cost_s(const Trial& trial) const {
  const auto& durations = studies_[trial.demand.study].durations;
  if (trial.demand.expected_s > 0) {
    return trial.demand.expected_s;
  }
  double sum = 0;
  for (const double duration : durations) {
    sum += duration;
  }
  return durations.empty() ? 0 : sum / static_cast<double>(durations.size());
}

double ScheduleChecker::promised_s(StudyNumber study) const {
  double sum = 0;
  for (const Trial& trial : trials_) {
    if (trial.demand.study != study || !trial.is_granted) {
      continue;
    }
    if (trial.phase == TrialPhase::kRunning) {
      sum += std::max(0.0, trial.start_rest_s - (now_s_ - trial.started_s)) * trial.demand.slots;
    } else if (trial.phase == TrialPhase::kPending && !trial.is_held) {
      sum += trial.rest_s * trial.demand.slots;
    }
  }
  return sum;
}

bool ScheduleChecker::is_limited(const Study& study) const {
  return study.rules.device_s || study.rules.wall_time_s;
}

bool ScheduleChecker::is_same_group(const Trial& a, const Trial& b) const {
  return a.demand.study == b.demand.study &&
                 studies_[a.demand.study].rules.takes_whole_configurations
             ? a.demand.configuration == b.demand.configuration && a.demand.stage == b.demand.stage
             : &a == &b;
}

bool ScheduleChecker::is_taken(TrialNumber number) const {
  const Trial& trial = trials_[number];
  return std::any_of(trials_.begin(), trials_.end(), [&](const Trial& other) {
    return is_same_group(trial, other) && other.is_granted;
  });
}

// `slack_s` below 0: only what clearly fits, since sums in another order differ in their last bits.
bool ScheduleChecker::fits_budget(TrialNumber number, double slack_s) const {
  const Trial& trial = trials_[number];
  const Study& study = studies_[trial.demand.study];
  double device_s = 0;
  double longest_s = 0;
  int widest = 0;
  for (const Trial& other : trials_) {
    if (is_same_group(trial, other) && !other.is_held) {
      device_s += cost_s(other) * other.demand.slots;
      longest_s = std::max(longest_s, cost_s(other));
      widest += other.demand.slots;
    }
  }
  int slots = 0;
  for (const auto& [node_number, node] : nodes_) {
    slots += node.is_excluded ? 0 : node.facts.slots;
  }
  const double device_left =
      study.rules.device_s ? *study.rules.device_s - study.used_s - promised_s(trial.demand.study)
                           : INFINITY;
  const double wall_left =
      study.rules.wall_time_s ? study.started_s + *study.rules.wall_time_s - now_s_ : INFINITY;
  return device_left + slack_s > 0 && wall_left + slack_s > 0 &&
         device_s <= device_left + slack_s && longest_s <= wall_left + slack_s &&
         device_s <= wall_left * std::min(slots, widest) + slack_s;
}

void ScheduleChecker::check_budget(TrialNumber number) {
  const Study& study = studies_[trials_[number].demand.study];
  if (is_limited(study) && !is_taken(number)) {
    expect(!study.is_closed, "taken by a study that takes nothing more", number);
    expect(fits_budget(number, kNearly), "taken, though it does not fit into the budget", number);
  }
}

}  // namespace glimpse::tests
