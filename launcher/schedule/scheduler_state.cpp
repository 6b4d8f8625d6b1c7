#include "launcher/schedule/scheduler_state.h"

namespace glimpse::launcher {
namespace {

constexpr int kMostLanesTried = 8;

}  // namespace

ScheduledStudy::ScheduledStudy(const StudyRules& given, double now_s)
    : rules(given),
      budget(given, now_s),
      breaker(given.stop_if),
      lanes(given.lanes.value_or(kMostLanesTried)) {}

QueueKey Scheduler::State::queue_of(const ScheduledTrial& trial) const {
  return {.study = trial.demand.study,
          .slots = trial.demand.slots,
          .memory_bytes = trial.demand.memory_bytes,
          .shares_slot = trial.shares_slot};
}

WaitOrder Scheduler::State::order_of(TrialNumber number) const {
  const ScheduledTrial& trial = trials_[number];
  return {.was_tried = trial.was_tried,
          .expected_s = trial.demand.expected_s,
          .anchor = groups_[trial.group].anchor,
          .trial = number};
}

SlotDemand Scheduler::State::slot_demand(const QueueKey& key) const {
  return {.study = key.study,
          .slots = key.slots,
          .memory_bytes = key.memory_bytes,
          .lanes = key.shares_slot ? studies_[key.study].lanes : 1};
}

bool Scheduler::State::is_late(TrialNumber trial) const {
  if (!deadline_) {
    return false;
  }
  const double last_s = deadline_->at_s - deadline_->margin_s;
  return now_s_ >= last_s || now_s_ + trials_[trial].demand.shortest_s > last_s;
}

bool Scheduler::State::is_stopped(StudyNumber study) const {
  return is_all_stopped_ || studies_[study].is_stopped;
}

std::optional<double> Scheduler::State::next_time_s() const {
  if (!deadline_ || is_deadline_reached_) {
    return std::nullopt;
  }
  return deadline_->at_s - deadline_->margin_s;
}

std::size_t Scheduler::State::count(TrialPhase phase) const {
  const auto found = counts_.find(phase);
  return found == counts_.end() ? 0 : found->second;
}

void Scheduler::State::set_phase(ScheduledTrial& trial, TrialPhase phase) {
  --counts_[trial.phase];
  ++counts_[phase];
  trial.phase = phase;
}

bool Scheduler::State::is_over() const {
  return running_.empty() && !is_changed_ && !is_waiting_for_nodes_;
}

WaitReason Scheduler::State::wait_reason(TrialNumber number) const {
  const ScheduledTrial& trial = trials_.at(number);
  if (trial.is_held || is_stopped(trial.demand.study)) {
    return WaitReason::kStopped;
  }
  if (is_late(number)) {
    return WaitReason::kDeadline;
  }
  if (!placement_.could_hold(trial.demand.slots, trial.demand.memory_bytes)) {
    return WaitReason::kTooBig;
  }
  const bool is_refused =
      !groups_[trial.group].is_taken && studies_[trial.demand.study].takes_no_more;
  return is_refused ? WaitReason::kBudget : WaitReason::kTurn;
}

std::optional<Reservation> Scheduler::State::reservation() const {
  const auto node = placement_.kept();
  if (!reserved_ || !node) {
    return std::nullopt;
  }
  return Reservation{.node = *node, .study = reserved_->study, .slots = reserved_->slots};
}

}  // namespace glimpse::launcher
