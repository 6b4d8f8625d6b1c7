#pragma once

// Says what is wrong with a schedule. Knows the rules and nothing of how the scheduler keeps them:
// everything is recomputed from plain lists at every step, slowly. One thread.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "launcher/schedule/scheduler.h"

namespace glimpse::tests {

class ScheduleChecker {
 public:
  // As told to the scheduler, before its next decide().
  void on(const launcher::ScheduleEvent& event, double now_s);
  // What decide() said then.
  void judge(const std::vector<launcher::ScheduleAction>& actions,
             const launcher::Scheduler& scheduler,
             double now_s);

  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
  // To drive the schedule on.
  [[nodiscard]] std::vector<launcher::TrialNumber> running() const;
  [[nodiscard]] std::size_t trials() const { return trials_.size(); }
  [[nodiscard]] std::size_t studies() const { return studies_.size(); }
  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

 private:
  static constexpr double kNearly = 1e-6;

  struct Study {
    launcher::StudyRules rules;
    double started_s = 0;
    int lanes = 1;
    bool is_stopped = false;
    bool is_closed = false;
    std::vector<std::string> first_ends;  // "" for finished
    std::vector<double> durations;
    double used_s = 0;
  };
  struct Trial {
    launcher::TrialDemand demand;
    launcher::TrialPhase phase = launcher::TrialPhase::kPending;
    bool was_tried = false;
    bool is_held = false;
    bool has_first_end = false;
    bool is_alone = false;
    int failures = 0;
    bool has_checkpoint = false;
    bool is_granted = false;  // by its budget
    double rest_s = 0;
    double start_rest_s = 0;
    double spent_s = 0;
    launcher::NodeNumber node = 0;
    std::vector<int> slots;
    double started_s = 0;
    int most_together = 1;
    int stop_wanted = 0;
    int stop_said = 0;
  };
  struct Node {
    launcher::NodeFacts facts;
    bool is_excluded = false;
  };

  void take(const launcher::AddStudy& event);
  void take(const launcher::AddTrial& event);
  void take(const launcher::NodeJoined& event);
  void take(const launcher::CheckpointWritten& event);
  void take(const launcher::AttemptEnded& event);
  void take(const launcher::StopStudy& event);
  void take(const launcher::StopTrial& event);
  void take(const launcher::StopAll& event);
  void take(const launcher::Deadline& event);
  void take(const launcher::Tick& event);
  void fail(launcher::TrialNumber number, experiments::FaultClass fault);
  void first_end(Trial& trial, const std::string& name);

  void obey(const launcher::Assign& action);
  void obey(const launcher::Stop& action);
  void obey(const launcher::Retry& action);
  void obey(const launcher::GiveUp& action);
  void obey(const launcher::ExcludeNode& action);
  void obey(const launcher::CloseStudy& action);

  void want_stop(Trial& trial, bool is_now);
  void grant_group(const Trial& trial);
  void spend(double now_s);
  void check_order(launcher::TrialNumber number);
  void check_slots(const launcher::Assign& action);
  void check_budget(launcher::TrialNumber number);
  void check_idle(const launcher::Scheduler& scheduler);
  void check_counts(const launcher::Scheduler& scheduler);
  void check_reservation(const launcher::Scheduler& scheduler);
  void check_over(const launcher::Scheduler& scheduler);
  static std::string words(const std::string& what, std::uint64_t number);
  void expect(bool is_true, const std::string& what, launcher::TrialNumber trial);

  [[nodiscard]] bool may_start(launcher::TrialNumber number) const;
  [[nodiscard]] bool is_limited(const Study& study) const;
  [[nodiscard]] bool is_same_group(const Trial& a, const Trial& b) const;
  [[nodiscard]] bool is_taken(launcher::TrialNumber number) const;
  [[nodiscard]] bool fits_budget(launcher::TrialNumber number, double slack_s) const;
  [[nodiscard]] double cost_s(const Trial& trial) const;
  [[nodiscard]] double promised_s(launcher::StudyNumber study) const;
  [[nodiscard]] const std::vector<launcher::TrialNumber>& in_slot(launcher::NodeNumber node,
                                                                  int slot) const;
  [[nodiscard]] int empty_slots(launcher::NodeNumber node) const;
  [[nodiscard]] bool has_memory(launcher::NodeNumber node, std::uint64_t bytes) const;
  [[nodiscard]] bool has_place(const Trial& trial, launcher::NodeNumber node) const;
  [[nodiscard]] int lanes_of(const Trial& trial) const;
  [[nodiscard]] std::size_t nodes_in_use() const;

  double now_s_ = 0;
  std::vector<Study> studies_;
  std::vector<Trial> trials_;
  std::map<launcher::NodeNumber, Node> nodes_;
  std::map<std::pair<launcher::NodeNumber, int>, std::vector<launcher::TrialNumber>> in_slots_;
  std::optional<launcher::Deadline> deadline_;
  bool is_deadline_over_ = false;
  bool is_all_stopped_ = false;
  // What the scheduler still has to say, as text.
  std::multiset<std::string> owed_;
  std::vector<std::string> violations_;
};

}  // namespace glimpse::tests
