#pragma once

// Which trial runs where and when, and what becomes of it. A state machine without clock, files or
// processes: events go in, actions come out, and the same events give the same actions. The
// coordinator drives it with what happens, `plan --rehearse` and tests with what might. One thread.
//
// What always holds: no slot is idle while a trial that fits it waits, but for those kept for the
// gang that waits longest; a trial ends once; done + failed + pending + running is what was added;
// a study that takes whole configurations has budget for all trials of a configuration's stage or
// starts none of them.

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

// What a study allows its trials. A budget takes a trial (or a whole configuration's stage) when it
// is about to start and is expected to fit; what was taken runs on to its end, retries included.
struct StudyRules {
  int retry_max = 3;
  experiments::StopIf stop_if = {};        // a count of 0 switches that half off
  std::optional<double> wall_time_s = {};  // from AddStudy
  std::optional<double> device_s = {};     // seconds in which a slot is busy, summed over slots
  double device_s_used = 0;                // by earlier runs of the study
  bool takes_whole_configurations = false;
  std::optional<int> lanes = 1;  // trials that share a slot; nothing: found by trying, from 8 down
};

// Where whole configurations are taken, all trials of one have the same slots, memory and shortest
// time: they differ in their seed.
struct TrialDemand {
  StudyNumber study = 0;
  std::uint32_t configuration = 0;
  int stage = 1;
  int slots = 1;                   // all on one node; more than one never shares them
  std::uint64_t memory_bytes = 0;  // of the node; 0: any
  double expected_s = 0;           // to its end; 0: unknown, a budget takes the mean of the ended
  double shortest_s = 0;  // what it must be given to be worth a start: its first checkpoint
  int failures = 0;       // in a row without a new checkpoint, before this run
  bool was_tried = false;
  bool is_taken = false;  // an earlier run began its configuration, so no budget holds it back
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
// A number joins once.
struct NodeJoined {
  NodeNumber node = 0;
  NodeFacts facts;
};
struct CheckpointWritten {
  TrialNumber trial = 0;
};
// What is said of trials that do not run is passed over: words about an attempt may come late.
struct AttemptEnded {
  TrialNumber trial = 0;
  EndKind kind = EndKind::kFinished;
  experiments::FaultClass fault = experiments::FaultClass::kExitCode;  // of kFailed
};
// By a person. What runs saves a checkpoint and ends, or is ended at once; said again with `is_now`
// it ends what was only asked. What is stopped stays pending and does not start any more.
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
// stopped `margin_s` before. The last one said holds.
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
// The study takes nothing more; `reason` is a clause for people. After a budget
// what was taken runs on; after too many failures what runs is stopped as well.
struct CloseStudy {
  StudyNumber study = 0;
  std::string reason;
  bool operator==(const CloseStudy&) const = default;
};

using ScheduleAction = std::variant<Assign, Stop, Retry, GiveUp, ExcludeNode, CloseStudy>;

enum class TrialPhase { kPending, kRunning, kDone, kFailed };

// Why a pending trial does not run.
enum class WaitReason {
  kTurn,      // a slot for it comes free sooner or later
  kTooBig,    // no node that is in use has its slots or its memory
  kBudget,    // its study is closed, and the budget had not taken it
  kDeadline,  // it could not save a checkpoint before the allocation ends
  kStopped    // by a person or by too many failures
};

// One node at most lets nobody else in, until a gang that waits has enough free slots there.
struct Reservation {
  NodeNumber node = 0;
  StudyNumber study = 0;
  int slots = 0;
  bool operator==(const Reservation&) const = default;
};

class Scheduler {
 public:
  Scheduler();
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  Scheduler(Scheduler&&) noexcept;
  Scheduler& operator=(Scheduler&&) noexcept;

  // Time never goes back. What the event changes, nothing is decided yet. Throws std::out_of_range
  // for a study or trial that was never added, std::invalid_argument for what makes no sense.
  void on(const ScheduleEvent& event, double now_s);
  // What is to be done now, in order. Assigned trials count as running from here on.
  std::vector<ScheduleAction> decide(double now_s);

  // When decide() could say something new although nothing happens: a deadline's margin.
  [[nodiscard]] std::optional<double> next_time_s() const;
  [[nodiscard]] TrialPhase phase(TrialNumber trial) const;
  [[nodiscard]] std::size_t count(TrialPhase phase) const;
  // Nothing runs, and nothing that waits could start on the nodes that joined; false between an
  // event and the next decide(). wait_reason() says what holds the rest back.
  [[nodiscard]] bool is_over() const;
  // Of a pending trial.
  [[nodiscard]] WaitReason wait_reason(TrialNumber trial) const;
  [[nodiscard]] std::optional<Reservation> reservation() const;
  // How many trials of the study share a slot now.
  [[nodiscard]] int lanes(StudyNumber study) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace glimpse::launcher
