#pragma once

// What a run would look like: the scheduler of the real run, driven through given durations on
// nodes that exist on paper. Events happen in the order of their times, so nothing waits. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "launcher/schedule/scheduler.h"

namespace glimpse::launcher {

struct RehearsedTrial {
  TrialDemand demand;
  double duration_s = 0;  // of an attempt that nothing disturbs, also where others share its slot
};

// Trials that are only known once others (places in Rehearsal::trials) have ended.
struct RehearsedSequel {
  std::vector<TrialNumber> after;
  std::vector<RehearsedTrial> trials = {};
};

struct Rehearsal {
  std::vector<StudyRules> studies = {};
  std::vector<RehearsedTrial> trials = {};
  std::vector<RehearsedSequel> sequels = {};
  int nodes = 1;
  NodeFacts node = {};
  std::optional<Deadline> deadline = {};
  double failing_share = 0;  // of attempts: each fails somewhere on its way and starts afresh
  std::uint64_t seed = 1;    // draws which and why
};

// One attempt in one of its slots.
struct TimelineEntry {
  TrialNumber trial = 0;  // of the scheduler: those of sequels come behind Rehearsal::trials
  NodeNumber node = 0;
  int slot = 0;
  double start_s = 0;
  double end_s = 0;
  EndKind kind = EndKind::kFinished;
  bool operator==(const TimelineEntry&) const = default;
};

struct RehearsalResult {
  double makespan_s = 0;        // until the last attempt ends
  double busy_slot_s = 0;       // seconds in which a slot has a trial, summed over slots
  double allocated_slot_s = 0;  // all slots for the whole time
  std::size_t attempts = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;
  std::vector<TimelineEntry> timeline;  // by end
  std::vector<TrialDemand> demands;     // by trial
  std::vector<std::string> closed;      // why studies took nothing more

  [[nodiscard]] double utilisation() const {
    return allocated_slot_s > 0 ? busy_slot_s / allocated_slot_s : 0;
  }
};

RehearsalResult rehearse(const Rehearsal& rehearsal);

}  // namespace glimpse::launcher
