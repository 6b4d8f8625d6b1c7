#pragma once

// What the scheduler knows between two calls. Private to this folder: events change it in
// scheduler_events.cpp, scheduler_decide.cpp reads it and starts what can start.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "launcher/schedule/budget.h"
#include "launcher/schedule/circuit_breaker.h"
#include "launcher/schedule/placement.h"
#include "launcher/schedule/scheduler.h"
#include "launcher/schedule/waiting.h"

namespace glimpse::launcher {

struct ScheduledStudy {
  ScheduledStudy(const StudyRules& given, double now_s);

  StudyRules rules;
  Budget budget;
  CircuitBreaker breaker;
  int lanes;
  bool takes_no_more = false;  // its budget is spent
  bool is_stopped = false;     // nothing of it starts
};

enum class StopLevel { kNone, kAsked, kNow };

struct ScheduledTrial {
  TrialDemand demand;
  GroupNumber group = 0;
  TrialPhase phase = TrialPhase::kPending;
  int failures = 0;
  bool was_tried = false;
  bool is_held = false;     // stopped by a person: it does not start again
  bool is_counted = false;  // the circuit breaker has seen it
  bool shares_slot = true;  // as far as its study's lanes go
  double rest_s = 0;        // expected, from its last checkpoint on
  double spent_s = 0;       // by the attempts that ended
  // Of the attempt that runs:
  double started_s = 0;
  double start_rest_s = 0;
  bool has_checkpoint = false;
  StopLevel stop_wanted = StopLevel::kNone;
  StopLevel stop_said = StopLevel::kNone;
};

class Scheduler::State {
 public:
  // Events.
  void advance(double now_s);
  void take(const AddStudy& event);
  void take(const AddTrial& event);
  void take(const NodeJoined& event);
  void take(const CheckpointWritten& event);
  void take(const AttemptEnded& event);
  void take(const StopStudy& event);
  void take(const StopTrial& event);
  void take(const StopAll& event);
  void take(const Deadline& event);
  void take(const Tick& event);

  std::vector<ScheduleAction> decide(double now_s);

  [[nodiscard]] std::optional<double> next_time_s() const;
  [[nodiscard]] TrialPhase phase(TrialNumber trial) const { return trials_.at(trial).phase; }
  [[nodiscard]] std::size_t count(TrialPhase phase) const;
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] WaitReason wait_reason(TrialNumber number) const;
  [[nodiscard]] std::optional<Reservation> reservation() const;
  [[nodiscard]] int lanes(StudyNumber study) const { return studies_.at(study).lanes; }

 private:
  // The first of a queue; `group`: it has to be taken before.
  struct Head {
    WaitOrder order;
    std::optional<GroupNumber> group;
  };
  using Queues = std::map<QueueKey, WaitingQueue>;
  using Heads = std::map<WaitOrder, Queues::iterator>;

  // Of events.
  GroupNumber find_group(const TrialDemand& demand, TrialNumber trial);
  void offer(TrialNumber number);
  void wait(TrialNumber number);
  void take_group(GroupNumber number);
  void grant(TrialNumber number);
  void hold(TrialNumber number);
  WaitingQueue& queue(const ScheduledTrial& trial);
  Vacated leave(TrialNumber number);
  void fail(TrialNumber number,
            experiments::FaultClass fault,
            const Vacated& left,
            NodeNumber node);
  void shrink_lanes(ScheduledTrial& trial, const Vacated& left);
  void count_first_end(ScheduledTrial& trial, std::optional<experiments::FaultClass> fault);
  void want_stop(TrialNumber number, bool is_now);
  void stop_study(StudyNumber number, bool is_now);
  void set_phase(ScheduledTrial& trial, TrialPhase phase);

  // Of decisions.
  void reach_deadline();
  void say_stops(std::vector<ScheduleAction>& actions);
  void push_head(Queues::iterator entry, Heads& heads);
  void push_heads(Heads& heads);
  void start_trials(std::vector<ScheduleAction>& actions);
  void start_in_order(Heads& heads, std::vector<ScheduleAction>& actions);
  bool try_start(Queues::iterator entry, const Head& head, std::vector<ScheduleAction>& actions);
  void start(Queues::iterator entry, TrialNumber number, const Place& place);
  std::optional<Head> head(Queues::iterator entry);
  std::optional<Head> ready_head(WaitingQueue& queue);
  std::optional<Head> offered_head(Queues::iterator entry);
  void close_spent(std::vector<ScheduleAction>& actions);
  [[nodiscard]] bool has_offers() const;
  bool can_ever_take(StudyNumber number);
  bool release_idle_reservation();
  void reserve_for_oldest();

  [[nodiscard]] QueueKey queue_of(const ScheduledTrial& trial) const;
  [[nodiscard]] WaitOrder order_of(TrialNumber number) const;
  [[nodiscard]] SlotDemand slot_demand(const QueueKey& key) const;
  [[nodiscard]] bool is_late(TrialNumber trial) const;
  [[nodiscard]] bool is_stopped(StudyNumber study) const;

  double now_s_ = 0;
  std::vector<ScheduledStudy> studies_;
  std::vector<ScheduledTrial> trials_;
  std::vector<Group> groups_;
  std::map<std::tuple<StudyNumber, std::uint32_t, int>, GroupNumber> configurations_;
  Queues queues_;
  Placement placement_;
  std::set<TrialNumber> running_;
  std::map<TrialPhase, std::size_t> counts_;
  std::optional<QueueKey> reserved_;  // whose next gang the kept node is for
  std::optional<Deadline> deadline_;
  bool is_deadline_reached_ = false;
  bool is_all_stopped_ = false;
  bool is_changed_ = false;  // since the last decision
  bool is_waiting_for_nodes_ = false;
  std::vector<ScheduleAction> outbox_;  // what events decided by themselves
  std::vector<TrialNumber> to_stop_;
};

}  // namespace glimpse::launcher
