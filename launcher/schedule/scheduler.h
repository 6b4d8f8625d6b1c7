#pragma once

// Which trial runs where and when, and what becomes of it. A state machine without clock, files or
// processes: events go in, actions come out, and the same events give the same actions. The
// coordinator drives it with what happens, `plan --rehearse` and tests with what might. One thread.
//
// What always holds: no slot is idle while a trial that fits it waits, but for those kept for the
// gang that waits longest; a trial ends once; done + failed + cancelled + pending + running is what
// was added; a study with a table starts all trials of a configuration's stage or none.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/faults.h"
#include "experiments/study.h"

namespace glimpse::launcher {

using NodeNumber = std::uint32_t;
using StudyNumber = std::uint32_t;  // in the order of AddStudy, from 0
using TrialNumber = std::uint32_t;  // in the order of AddTrial, from 0

// What a study allows its trials.
struct StudyRules {
  int retry_max = 3;
  experiments::StopIf stop_if = {};
  std::optional<double> wall_time_s = {};  // nothing starts that is expected to end later than this
  std::optional<double> device_s = {};     // slot seconds, likewise; what was used before counts
  double device_s_used = 0;                // by earlier runs of the study
  bool takes_whole_configurations = false;
  std::optional<int> lanes = 1;  // trials that share a slot; nothing: found by trying, from 8 down
};

struct TrialDemand {
  StudyNumber study = 0;
  std::uint32_t configuration = 0;
  int stage = 1;
  int slots = 1;                   // all on one node; more than one never shares them
  std::uint64_t memory_bytes = 0;  // of the node; 0: any
  double expected_s = 0;           // to its end; 0: nobody knows
  double shortest_s = 0;           // what it must be given to be worth a start: its first checkpoint
  int failures = 0;                // in a row without a new checkpoint, before this run
  bool was_tried = false;
};

struct NodeFacts {
  int slots = 1;
  std::uint64_t memory_bytes = 0;  // 0: unknown, so not limited
};

enum class EndKind { kFinished, kFailed, kStopped, kPreempted, kLost };

struct AddStudy {
  StudyRules rules;
};
struct AddTrial {
  TrialDemand demand;
};
struct NodeJoined {
  NodeNumber node = 0;
  NodeFacts facts;
};
struct CheckpointWritten {
  TrialNumber trial = 0;
};
struct AttemptEnded {
  TrialNumber trial = 0;
  EndKind kind = EndKind::kFinished;
  experiments::FaultClass fault = experiments::FaultClass::kExitCode;  // of kFailed
};
// By a person. What runs saves a checkpoint and ends, or is ended at once.
struct StopStudy {
  StudyNumber study = 0;
  bool is_now = false;
};
struct StopTrial {
  TrialNumber trial = 0;
  bool is_now = false;
};
struct StopAll {
  bool is_now = false;
};
// The allocation ends then: what cannot save a checkpoint before is not started, what runs is
// stopped `margin_s` before.
struct Deadline {
  double at_s = 0;
  double margin_s = 60;
};
struct Tick {};

using ScheduleEvent = std::variant<AddStudy,
                                   AddTrial,
                                   NodeJoined,
                                   CheckpointWritten,
                                   AttemptEnded,
                                   StopStudy,
                                   StopTrial,
                                   StopAll,
                                   Deadline,
                                   Tick>;

struct Assign {
  TrialNumber trial = 0;
  NodeNumber node = 0;
  std::vector<int> slots;
  bool operator==(const Assign&) const = default;
};
// To the agent: the attempt saves a checkpoint and ends, or is ended at once.
struct Stop {
  TrialNumber trial = 0;
  bool is_now = false;
  bool operator==(const Stop&) const = default;
};
// After a failure: it waits for another start, or is given up.
struct Retry {
  TrialNumber trial = 0;
  experiments::FaultClass fault = experiments::FaultClass::kExitCode;
  bool operator==(const Retry&) const = default;
};
struct GiveUp {
  TrialNumber trial = 0;
  experiments::FaultClass fault = experiments::FaultClass::kExitCode;
  bool operator==(const GiveUp&) const = default;
};
struct ExcludeNode {
  NodeNumber node = 0;
  experiments::FaultClass fault = experiments::FaultClass::kCuda;
  bool operator==(const ExcludeNode&) const = default;
};
// Nothing more of the study starts; `reason` is a clause for people.
struct CloseStudy {
  StudyNumber study = 0;
  std::string reason;
  bool operator==(const CloseStudy&) const = default;
};

using ScheduleAction = std::variant<Assign, Stop, Retry, GiveUp, ExcludeNode, CloseStudy>;

enum class TrialPhase { kPending, kRunning, kDone, kFailed, kCancelled };

class Scheduler {
 public:
  Scheduler();
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  Scheduler(Scheduler&&) noexcept;
  Scheduler& operator=(Scheduler&&) noexcept;

  // Time never goes back. What the event changes, nothing is decided yet.
  void on(const ScheduleEvent& event, double now_s);
  // What is to be done now, in order. Assigned trials count as running from here on.
  std::vector<ScheduleAction> decide(double now_s);

  // When decide() could say something new although nothing happens: a deadline's margin.
  [[nodiscard]] std::optional<double> next_time_s() const;
  [[nodiscard]] TrialPhase phase(TrialNumber trial) const;
  [[nodiscard]] std::size_t count(TrialPhase phase) const;
  // Nothing runs and nothing that waits could ever start.
  [[nodiscard]] bool is_over() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace glimpse::launcher
