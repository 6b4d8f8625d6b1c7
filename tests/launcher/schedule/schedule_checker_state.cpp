// What must hold of the whole schedule once a decision was made.

#include <algorithm>

#include "tests/launcher/schedule/schedule_checker.h"

namespace glimpse::tests {

using launcher::NodeNumber;
using launcher::TrialNumber;
using launcher::TrialPhase;

bool ScheduleChecker::may_start(TrialNumber number) const {
  const Trial& trial = trials_[number];
  const double last_s = deadline_ ? deadline_->at_s - deadline_->margin_s : 0;
  const bool is_late = deadline_ && (now_s_ >= last_s || now_s_ + trial.demand.shortest_s > last_s);
  return trial.phase == TrialPhase::kPending && !trial.is_held && !is_all_stopped_ && !is_late &&
         !studies_[trial.demand.study].is_stopped;
}

std::size_t ScheduleChecker::nodes_in_use() const {
  return static_cast<std::size_t>(std::count_if(
      nodes_.begin(), nodes_.end(), [](const auto& node) { return !node.second.is_excluded; }));
}

const std::vector<TrialNumber>& ScheduleChecker::in_slot(NodeNumber node, int slot) const {
  static const std::vector<TrialNumber> nobody;
  const auto found = in_slots_.find({node, slot});
  return found == in_slots_.end() ? nobody : found->second;
}

int ScheduleChecker::empty_slots(NodeNumber node) const {
  int empty = 0;
  for (int slot = 0; slot < nodes_.at(node).facts.slots; ++slot) {
    empty += in_slot(node, slot).empty() ? 1 : 0;
  }
  return empty;
}

bool ScheduleChecker::has_memory(NodeNumber node, std::uint64_t bytes) const {
  const std::uint64_t all = nodes_.at(node).facts.memory_bytes;
  std::uint64_t used = 0;
  for (const Trial& trial : trials_) {
    const bool is_there = trial.phase == TrialPhase::kRunning && trial.node == node;
    used += is_there ? trial.demand.memory_bytes : 0;
  }
  return all == 0 || used + bytes <= all;
}

int ScheduleChecker::lanes_of(const Trial& trial) const {
  const bool is_alone = trial.is_alone || trial.demand.slots > 1;
  return is_alone ? 1 : studies_[trial.demand.study].lanes;
}

bool ScheduleChecker::has_place(const Trial& trial, NodeNumber node) const {
  if (nodes_.at(node).is_excluded || !has_memory(node, trial.demand.memory_bytes)) {
    return false;
  }
  if (empty_slots(node) >= trial.demand.slots) {
    return true;
  }
  for (int slot = 0; slot < nodes_.at(node).facts.slots && trial.demand.slots == 1; ++slot) {
    const auto& others = in_slot(node, slot);
    const bool lets_in = std::all_of(others.begin(), others.end(), [&](TrialNumber other) {
      return trials_[other].demand.study == trial.demand.study &&
             trials_[other].demand.slots == 1 && !trials_[other].is_alone &&
             studies_[trial.demand.study].rules.lanes != 1;
    });
    if (lets_in && static_cast<int>(others.size()) < lanes_of(trial)) {
      return true;
    }
  }
  return false;
}

void ScheduleChecker::check_idle(const launcher::Scheduler& scheduler) {
  const auto kept = scheduler.reservation();
  for (TrialNumber number = 0; number < trials_.size(); ++number) {
    const Trial& trial = trials_[number];
    if (!may_start(number)) {
      continue;
    }
    const bool has_budget =
        !is_limited(studies_[trial.demand.study]) || is_taken(number) ||
        (!studies_[trial.demand.study].is_closed && fits_budget(number, -kNearly));
    for (const auto& [node, facts] : nodes_) {
      if (has_budget && (!kept || kept->node != node)) {
        expect(!has_place(trial, node), words("waits, though there is room on node", node), number);
      }
    }
  }
}

void ScheduleChecker::check_counts(const launcher::Scheduler& scheduler) {
  std::size_t sum = 0;
  for (const TrialPhase phase :
       {TrialPhase::kPending, TrialPhase::kRunning, TrialPhase::kDone, TrialPhase::kFailed}) {
    const auto count = std::count_if(
        trials_.begin(), trials_.end(), [&](const Trial& trial) { return trial.phase == phase; });
    expect(scheduler.count(phase) == static_cast<std::size_t>(count), "is counted wrongly", 0);
    sum += scheduler.count(phase);
  }
  expect(sum == trials_.size(), "the counts do not add up", 0);
  for (TrialNumber number = 0; number < trials_.size(); ++number) {
    expect(scheduler.phase(number) == trials_[number].phase, "is in another phase", number);
  }
  for (launcher::StudyNumber study = 0; study < studies_.size(); ++study) {
    expect(scheduler.lanes(study) == studies_[study].lanes, "its study has other lanes", 0);
  }
}

// A node is kept only for a gang that waits, could run there, and has no place yet.
void ScheduleChecker::check_reservation(const launcher::Scheduler& scheduler) {
  const auto kept = scheduler.reservation();
  if (!kept) {
    return;
  }
  bool has_gang = false;
  for (TrialNumber number = 0; number < trials_.size(); ++number) {
    const Trial& trial = trials_[number];
    if (may_start(number) && trial.demand.study == kept->study &&
        trial.demand.slots == kept->slots && kept->slots > 1) {
      const auto& facts = nodes_.at(kept->node).facts;
      has_gang = has_gang ||
                 (facts.slots >= kept->slots &&
                  (facts.memory_bytes == 0 || facts.memory_bytes >= trial.demand.memory_bytes) &&
                  !has_place(trial, kept->node));
    }
  }
  expect(has_gang && !nodes_.at(kept->node).is_excluded, "a node is kept for nobody", 0);
}

void ScheduleChecker::check_over(const launcher::Scheduler& scheduler) {
  if (!running().empty()) {
    expect(!scheduler.is_over(), "is over while a trial runs", running().front());
    return;
  }
  bool waits_for_nodes = false;
  for (TrialNumber number = 0; number < trials_.size() && nodes_.empty(); ++number) {
    const bool has_budget = !is_limited(studies_[trials_[number].demand.study]) || is_taken(number);
    waits_for_nodes = waits_for_nodes || (may_start(number) && has_budget);
  }
  if (!waits_for_nodes && !nodes_.empty()) {
    expect(scheduler.is_over(), "is not over, though nothing can start", 0);
  }
  expect(!waits_for_nodes || !scheduler.is_over(), "is over before a node joined", 0);
}

}  // namespace glimpse::tests
