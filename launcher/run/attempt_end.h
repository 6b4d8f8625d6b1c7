#pragma once

// How an attempt ended, from what its processes said and how they went. Pure.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/record.h"

namespace glimpse::launcher {

// Finished, stopped or failed: nothing of the attempt comes after it.
bool is_last(const experiments::RecordBody& body);

struct MemberEnd {
  int rank = 0;
  int status = 0;  // exit code, or 128 + signal
};

struct AttemptStory {
  std::optional<experiments::FailedRecord> verdict = {};  // why we ended it, where we did
  std::optional<experiments::RecordBody> said = {};       // the last record that a program gave
  std::vector<MemberEnd> ends = {};                       // in the order in which they came
  bool was_asked_to_stop = false;
  bool was_warned = false;         // so were we: the machine is taken away
  bool ran_out_of_memory = false;  // the kernel says so
  int members = 1;
};

// The record that ends the attempt; a failure's message names the first member that failed and ends
// with the log's last lines.
experiments::RecordBody decide_end(const AttemptStory& story,
                                   std::span<const std::string> last_lines,
                                   std::span<const experiments::LogPattern> patterns);

// The same for a failure that a program told itself.
experiments::FailedRecord add_last_lines(experiments::FailedRecord failed,
                                         std::span<const std::string> last_lines);

}  // namespace glimpse::launcher
