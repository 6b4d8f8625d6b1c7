#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "launcher/schedule/failure_rule.h"
#include "launcher/schedule/scheduler_state.h"

namespace glimpse::launcher {

using experiments::FaultClass;

void Scheduler::State::advance(double now_s) {
  now_s_ = std::max(now_s_, now_s);
}

void Scheduler::State::take(const AddStudy& event) {
  if (event.rules.lanes.value_or(1) < 1) {
    throw std::invalid_argument("a study cannot have " + std::to_string(*event.rules.lanes) +
                                " lanes");
  }
  studies_.emplace_back(event.rules, now_s_);
}

GroupNumber Scheduler::State::find_group(const TrialDemand& demand, TrialNumber trial) {
  const auto number = static_cast<GroupNumber>(groups_.size());
  const Group group{.study = demand.study, .anchor = trial};
  if (!studies_[demand.study].rules.takes_whole_configurations) {
    groups_.push_back(group);
    return number;
  }
  const std::tuple key{demand.study, demand.configuration, demand.stage};
  const auto [entry, is_new] = configurations_.try_emplace(key, number);
  if (is_new) {
    groups_.push_back(group);
    return number;
  }
  const TrialDemand& first = trials_[groups_[entry->second].anchor].demand;
  if (first.slots != demand.slots || first.memory_bytes != demand.memory_bytes ||
      first.shortest_s != demand.shortest_s) {
    throw std::invalid_argument("trials of configuration " + std::to_string(demand.configuration) +
                                " differ in slots, memory or shortest time");
  }
  return entry->second;
}

void Scheduler::State::take(const AddTrial& event) {
  const TrialDemand& demand = event.demand;
  const ScheduledStudy& study = studies_.at(demand.study);
  if (demand.slots < 1) {
    throw std::invalid_argument("a trial needs a slot");
  }
  const auto number = static_cast<TrialNumber>(trials_.size());
  ScheduledTrial trial{.demand = demand};
  trial.group = find_group(demand, number);
  trial.failures = demand.failures;
  trial.was_tried = demand.was_tried;
  trials_.push_back(trial);
  ++counts_[TrialPhase::kPending];
  is_changed_ = true;
  const bool is_free = demand.is_taken || !study.budget.is_limited();
  if (is_free && !groups_[trial.group].is_taken) {
    take_group(trial.group);
  }
  if (groups_[trial.group].is_taken) {
    grant(number);
  } else {
    offer(number);
  }
}

void Scheduler::State::offer(TrialNumber number) {
  const ScheduledTrial& trial = trials_[number];
  Group& group = groups_[trial.group];
  Offers& offers = queue(trial).offers;
  if (!group.members.empty() && !group.is_late) {
    offers.remove(trial.group, group);
  }
  group.add(order_of(number), trial.demand.slots);
  if (!group.is_late) {
    offers.add(trial.group, group);
  }
}

void Scheduler::State::take_group(GroupNumber number) {
  Group& group = groups_[number];
  group.is_taken = true;
  if (!group.members.empty() && !group.is_late) {
    queue(trials_[group.anchor]).offers.remove(number, group);
  }
  for (const TrialNumber member : group.members) {
    grant(member);
  }
  group.members = {};
}

void Scheduler::State::grant(TrialNumber number) {
  ScheduledTrial& trial = trials_[number];
  const double expected_s = trial.demand.expected_s;
  trial.rest_s = expected_s > 0 ? expected_s : studies_[trial.demand.study].budget.mean_s();
  wait(number);
}

void Scheduler::State::wait(TrialNumber number) {
  const ScheduledTrial& trial = trials_[number];
  if (trial.is_held) {
    return;
  }
  studies_[trial.demand.study].budget.promise(trial.rest_s * trial.demand.slots);
  queue(trial).ready.insert(order_of(number));
}

WaitingQueue& Scheduler::State::queue(const ScheduledTrial& trial) {
  WaitingQueue& queue = queues_[queue_of(trial)];
  if (queue.ready.empty() && queue.offers.empty()) {
    queue.blocked_since_s = now_s_;
  }
  return queue;
}

void Scheduler::State::take(const NodeJoined& event) {
  placement_.add_node(event.node, event.facts);
  is_changed_ = true;
}

void Scheduler::State::take(const CheckpointWritten& event) {
  ScheduledTrial& trial = trials_.at(event.trial);
  if (trial.phase == TrialPhase::kRunning) {
    trial.has_checkpoint = true;
    trial.failures = 0;
    trial.rest_s = std::max(0.0, trial.start_rest_s - (now_s_ - trial.started_s));
  }
}

void Scheduler::State::take(const AttemptEnded& event) {
  ScheduledTrial& trial = trials_.at(event.trial);
  if (trial.phase != TrialPhase::kRunning) {
    return;
  }
  const NodeNumber node = placement_.node_of(event.trial);
  const Vacated left = leave(event.trial);
  if (event.kind == EndKind::kFinished) {
    set_phase(trial, TrialPhase::kDone);
    studies_[trial.demand.study].budget.note_duration(trial.spent_s);
    count_first_end(trial, std::nullopt);
  } else if (event.kind == EndKind::kFailed) {
    fail(event.trial, event.fault, left, node);
  } else {
    set_phase(trial, TrialPhase::kPending);
    wait(event.trial);
  }
}

// From the slots and the sums; what it is next is the caller's to say.
Vacated Scheduler::State::leave(TrialNumber number) {
  ScheduledTrial& trial = trials_[number];
  Budget& budget = studies_[trial.demand.study].budget;
  const Vacated left = placement_.vacate(number);
  budget.change_busy_slots(-left.emptied_slots, now_s_);
  budget.end(number, trial.demand.slots);
  running_.erase(number);
  trial.spent_s += now_s_ - trial.started_s;
  trial.stop_wanted = StopLevel::kNone;
  trial.stop_said = StopLevel::kNone;
  is_changed_ = true;
  return left;
}

void Scheduler::State::fail(TrialNumber number,
                            FaultClass fault,
                            const Vacated& left,
                            NodeNumber node) {
  ScheduledTrial& trial = trials_[number];
  const bool shared_slot = left.most_together > 1;
  const FailureVerdict verdict = judge_failure(
      {.fault = fault, .shared_slot = shared_slot, .has_checkpoint = trial.has_checkpoint},
      trial.failures,
      studies_[trial.demand.study].rules.retry_max);
  trial.failures = verdict.failures;
  if (fault == FaultClass::kOom && shared_slot) {
    shrink_lanes(trial, left);
  }
  if (experiments::fault_row(fault).is_node_fault && placement_.exclude(node)) {
    outbox_.emplace_back(ExcludeNode{.node = node, .fault = fault});
  }
  if (verdict.is_retried) {
    set_phase(trial, TrialPhase::kPending);
    wait(number);
    outbox_.emplace_back(Retry{.trial = number, .fault = fault});
  } else {
    set_phase(trial, TrialPhase::kFailed);
    outbox_.emplace_back(GiveUp{.trial = number, .fault = fault});
  }
  count_first_end(trial, fault);
}

// Half of as many as there were, so that several that fall together halve the lanes once. Where a
// person fixed the number, the trial has a slot to itself next time.
void Scheduler::State::shrink_lanes(ScheduledTrial& trial, const Vacated& left) {
  ScheduledStudy& study = studies_[trial.demand.study];
  if (study.rules.lanes) {
    trial.shares_slot = false;
  } else {
    study.lanes = std::max(1, std::min(study.lanes, left.most_together / 2));
  }
}

void Scheduler::State::count_first_end(ScheduledTrial& trial, std::optional<FaultClass> fault) {
  ScheduledStudy& study = studies_[trial.demand.study];
  if (trial.is_counted || study.is_stopped) {
    return;
  }
  trial.is_counted = true;
  if (const auto reason = study.breaker.note(fault)) {
    outbox_.emplace_back(CloseStudy{.study = trial.demand.study, .reason = *reason});
    stop_study(trial.demand.study, false);
  }
}

void Scheduler::State::want_stop(TrialNumber number, bool is_now) {
  ScheduledTrial& trial = trials_[number];
  const StopLevel level = is_now ? StopLevel::kNow : StopLevel::kAsked;
  if (trial.phase == TrialPhase::kRunning && trial.stop_wanted < level) {
    trial.stop_wanted = level;
    to_stop_.push_back(number);
  }
}

void Scheduler::State::stop_study(StudyNumber number, bool is_now) {
  studies_.at(number).is_stopped = true;
  is_changed_ = true;
  for (const TrialNumber trial : running_) {
    if (trials_[trial].demand.study == number) {
      want_stop(trial, is_now);
    }
  }
}

void Scheduler::State::take(const StopStudy& event) {
  stop_study(event.study, event.is_now);
}

void Scheduler::State::take(const StopTrial& event) {
  ScheduledTrial& trial = trials_.at(event.trial);
  is_changed_ = true;
  if (trial.phase == TrialPhase::kRunning) {
    trial.is_held = true;
    want_stop(event.trial, event.is_now);
  } else if (trial.phase == TrialPhase::kPending && !trial.is_held) {
    hold(event.trial);
  }
}

// Takes it out of what waits, and its budget's promise back.
void Scheduler::State::hold(TrialNumber number) {
  ScheduledTrial& trial = trials_[number];
  WaitingQueue& place = queue(trial);
  trial.is_held = true;
  Group& group = groups_[trial.group];
  if (group.is_taken) {
    place.ready.erase(order_of(number));
    std::erase(place.late_trials, number);
    studies_[trial.demand.study].budget.promise(-trial.rest_s * trial.demand.slots);
    return;
  }
  if (!group.is_late) {
    place.offers.remove(trial.group, group);
  }
  const std::vector<TrialNumber> members = group.members;
  group.clear();
  for (const TrialNumber member : members) {
    if (member != number) {
      group.add(order_of(member), trials_[member].demand.slots);
    }
  }
  if (!group.is_late && !group.members.empty()) {
    place.offers.add(trial.group, group);
  }
}

void Scheduler::State::take(const StopAll& event) {
  is_all_stopped_ = true;
  is_changed_ = true;
  for (const TrialNumber trial : running_) {
    want_stop(trial, event.is_now);
  }
}

void Scheduler::State::take(const Deadline& event) {
  deadline_ = event;
  is_deadline_reached_ = false;
  is_changed_ = true;
  for (auto& [key, queue] : queues_) {
    for (const TrialNumber trial : std::exchange(queue.late_trials, {})) {
      queue.ready.insert(order_of(trial));
    }
    for (const GroupNumber group : std::exchange(queue.late_groups, {})) {
      groups_[group].is_late = false;
      if (!groups_[group].members.empty()) {
        queue.offers.add(group, groups_[group]);
      }
    }
  }
}

void Scheduler::State::take(const Tick& /*event*/) {}

}  // namespace glimpse::launcher
