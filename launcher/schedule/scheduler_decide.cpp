#include <algorithm>
#include <utility>

#include "launcher/schedule/scheduler_state.h"

namespace glimpse::launcher {

std::vector<ScheduleAction> Scheduler::State::decide(double now_s) {
  advance(now_s);
  reach_deadline();
  std::vector<ScheduleAction> actions = std::exchange(outbox_, {});
  say_stops(actions);
  // With time alone a gang may get too late for the node that is kept for it, and a budget gets
  // room where trials that share a slot use less than they were promised.
  if (is_changed_ || reserved_ || has_offers()) {
    release_idle_reservation();
    start_trials(actions);
    close_spent(actions);
    is_changed_ = false;
  }
  return actions;
}

void Scheduler::State::reach_deadline() {
  const auto margin_s = next_time_s();
  if (!margin_s || now_s_ < *margin_s) {
    return;
  }
  is_deadline_reached_ = true;
  is_changed_ = true;
  for (const TrialNumber trial : running_) {
    want_stop(trial, false);
  }
}

// Since it was wanted the trial may have ended, or more may have been wanted.
void Scheduler::State::say_stops(std::vector<ScheduleAction>& actions) {
  for (const TrialNumber number : std::exchange(to_stop_, {})) {
    ScheduledTrial& trial = trials_[number];
    if (trial.stop_said < trial.stop_wanted) {
      trial.stop_said = trial.stop_wanted;
      actions.emplace_back(Stop{.trial = number, .is_now = trial.stop_wanted == StopLevel::kNow});
    }
  }
}

void Scheduler::State::push_head(Queues::iterator entry, Heads& heads) {
  if (const auto first = head(entry)) {
    heads.emplace(first->order, entry);
  }
}

void Scheduler::State::push_heads(Heads& heads) {
  for (auto entry = queues_.begin(); entry != queues_.end(); ++entry) {
    push_head(entry, heads);
  }
}

// What is taken may leave no budget for the gang that a node is kept for.
void Scheduler::State::start_trials(std::vector<ScheduleAction>& actions) {
  Heads heads;
  push_heads(heads);
  is_waiting_for_nodes_ = !heads.empty() && !placement_.has_nodes();
  start_in_order(heads, actions);
  while (release_idle_reservation()) {
    push_heads(heads);
    start_in_order(heads, actions);
  }
}

// Of all queues the first in order goes first; one that cannot be placed speaks for its queue.
void Scheduler::State::start_in_order(Heads& heads, std::vector<ScheduleAction>& actions) {
  while (!heads.empty()) {
    const auto [order, entry] = *heads.begin();
    heads.erase(heads.begin());
    // What was taken meanwhile may have left no room for a group that stood first.
    const auto first = head(entry);
    const bool was_kept = reserved_.has_value();
    const bool is_same = first && first->order == order;
    if (is_same && !try_start(entry, *first, actions)) {
      continue;
    }
    if (was_kept && !reserved_) {
      push_heads(heads);  // all may use what the gang has left of its node
    } else {
      push_head(entry, heads);
    }
  }
}

bool Scheduler::State::try_start(Queues::iterator entry,
                                 const Head& head,
                                 std::vector<ScheduleAction>& actions) {
  const QueueKey& key = entry->first;
  const auto place = placement_.find(slot_demand(key), reserved_ == key);
  if (!place) {
    if (key.slots > 1 && !reserved_) {
      reserve_for_oldest();
    }
    return false;
  }
  if (head.group) {
    take_group(*head.group);
  }
  start(entry, head.order.trial, *place);
  actions.emplace_back(
      Assign{.trial = head.order.trial, .node = place->node, .slots = place->slots});
  return true;
}

void Scheduler::State::start(Queues::iterator entry, TrialNumber number, const Place& place) {
  ScheduledTrial& trial = trials_[number];
  Budget& budget = studies_[trial.demand.study].budget;
  entry->second.ready.erase(order_of(number));
  entry->second.blocked_since_s = now_s_;
  const double until_s = now_s_ + trial.rest_s;
  const int busy = placement_.occupy(number, slot_demand(entry->first), place, until_s);
  budget.change_busy_slots(busy, now_s_);
  budget.start(number, trial.demand.slots, trial.rest_s, now_s_);
  set_phase(trial, TrialPhase::kRunning);
  running_.insert(number);
  trial.was_tried = true;
  trial.started_s = now_s_;
  trial.start_rest_s = trial.rest_s;
  trial.has_checkpoint = false;
  if (reserved_ == entry->first) {
    placement_.keep(std::nullopt);
    reserved_.reset();
  }
}

std::optional<Scheduler::State::Head> Scheduler::State::head(Queues::iterator entry) {
  if (is_stopped(entry->first.study)) {
    return std::nullopt;
  }
  const auto ready = ready_head(entry->second);
  const auto offered = offered_head(entry);
  if (ready && offered) {
    return offered->order < ready->order ? offered : ready;
  }
  return ready ? ready : offered;
}

std::optional<Scheduler::State::Head> Scheduler::State::ready_head(WaitingQueue& queue) {
  while (!queue.ready.empty()) {
    const WaitOrder first = *queue.ready.begin();
    if (!is_late(first.trial)) {
      return Head{first, std::nullopt};
    }
    queue.ready.erase(queue.ready.begin());
    queue.late_trials.push_back(first.trial);
  }
  return std::nullopt;
}

std::optional<Scheduler::State::Head> Scheduler::State::offered_head(Queues::iterator entry) {
  ScheduledStudy& study = studies_[entry->first.study];
  Offers& offers = entry->second.offers;
  if (study.takes_no_more || offers.empty()) {
    return std::nullopt;
  }
  const Offers::Limits limits{.room = study.budget.room(now_s_),
                              .mean_s = study.budget.mean_s(),
                              .slots_there = placement_.slots_in_use(),
                              .slots_of_one = entry->first.slots};
  while (const auto found = offers.find_first(limits)) {
    const auto [order, number] = *found;
    if (!is_late(order.trial)) {
      return Head{order, number};
    }
    Group& group = groups_[number];
    offers.remove(number, group);
    group.is_late = true;
    entry->second.late_groups.push_back(number);
  }
  return std::nullopt;
}

void Scheduler::State::close_spent(std::vector<ScheduleAction>& actions) {
  for (StudyNumber number = 0; number < studies_.size(); ++number) {
    ScheduledStudy& study = studies_[number];
    if (!study.budget.is_limited() || study.takes_no_more || is_stopped(number) ||
        can_ever_take(number)) {
      continue;
    }
    study.takes_no_more = true;
    actions.emplace_back(CloseStudy{.study = number, .reason = study.budget.reason(now_s_)});
  }
}

bool Scheduler::State::has_offers() const {
  return std::any_of(queues_.begin(), queues_.end(), [&](const auto& entry) {
    const auto& [key, queue] = entry;
    return !queue.offers.empty() && !studies_[key.study].takes_no_more && !is_stopped(key.study);
  });
}

// Or has nothing that would have to be taken.
bool Scheduler::State::can_ever_take(StudyNumber number) {
  Budget& budget = studies_[number].budget;
  const Room best = budget.best_room(now_s_);
  bool has_offers = false;
  for (auto entry = queues_.lower_bound({.study = number, .slots = 0});
       entry != queues_.end() && entry->first.study == number;
       ++entry) {
    const Offers& offers = entry->second.offers;
    has_offers = has_offers || !offers.empty();
    if (offers.find_first(
            {.room = best, .mean_s = budget.mean_s(), .slots_of_one = entry->first.slots})) {
      return true;
    }
  }
  return !has_offers;
}

bool Scheduler::State::release_idle_reservation() {
  if (!reserved_ || (placement_.kept() && head(queues_.find(*reserved_)))) {
    return false;
  }
  placement_.keep(std::nullopt);
  reserved_.reset();
  return true;
}

void Scheduler::State::reserve_for_oldest() {
  std::optional<std::pair<double, WaitOrder>> oldest;
  for (auto entry = queues_.begin(); entry != queues_.end(); ++entry) {
    const auto& [key, queue] = *entry;
    if (key.slots == 1 || !placement_.could_hold(key.slots, key.memory_bytes) ||
        placement_.find(slot_demand(key), false)) {
      continue;
    }
    const auto first = head(entry);
    if (first && (!oldest || std::pair(queue.blocked_since_s, first->order) < *oldest)) {
      oldest = std::pair(queue.blocked_since_s, first->order);
      reserved_ = key;
    }
  }
  if (reserved_) {
    placement_.keep(placement_.find_soonest(reserved_->slots, reserved_->memory_bytes, now_s_));
  }
}

}  // namespace glimpse::launcher
