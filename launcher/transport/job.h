#pragma once

// One attempt as its agent is told to run it.

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/record.h"
#include "experiments/study.h"

namespace glimpse::launcher {

struct Job {
  experiments::StartCommand start;   // its attempt's folder is made by the agent
  std::vector<int> slots;            // of the node
  std::vector<std::string> command;  // as it is run, parameters filled in; empty: our worker trains
  experiments::ReportVia report = experiments::ReportVia::kFd;
  int members = 1;                 // processes of a command, each with a share of the slots
  double silence_s = 0;            // hung after that long without progress; 0: never
  double trial_time_s = 0;         // timed out after that long; 0: never
  double grace_s = 30;             // from a request to stop until it is killed
  std::uint64_t memory_bytes = 0;  // 0: not limited
  std::vector<experiments::ResourceLimit> rlimits;
  std::vector<experiments::LogPattern> log_patterns;
  bool operator==(const Job&) const = default;
};

}  // namespace glimpse::launcher
