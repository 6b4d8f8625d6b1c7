#pragma once

// The agent's ends of one child's pipes: what the child writes becomes events, as much in a round
// as is fair to the other children, and what it is to be told waits here until it reads. One
// thread.

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>

#include "launcher/children/children.h"
#include "storage/files/file_io.h"
#include "worker/record_pipe.h"

namespace glimpse::launcher {

class ChildTalk {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kEnds = 3;
  using Polled = std::array<pollfd, kEnds>;

  struct Ends {
    storage::FileDescriptor printed;
    storage::FileDescriptor commands;  // closed where it takes none
    storage::FileDescriptor records;   // closed where it gives none
  };
  ChildTalk(ChildId child, Ends ends);

  // A line whole or not at all; false when nobody reads it, or too much waits already.
  bool send(std::string_view line);

  // What poll(2) is to look for, and how long at most.
  [[nodiscard]] Polled polled() const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> longest_wait(Clock::time_point now) const;
  // One round, with what poll(2) found.
  void read(std::span<const pollfd, kEnds> found, std::vector<ChildEvent>& events);

  void end(int status, Clock::time_point now);
  // Whether nothing is to come any more. Who inherited a pipe of a child that has ended may hold
  // it open for ever, so after a second the first round without anything new is the last, and
  // after five any is.
  [[nodiscard]] bool is_over(Clock::time_point now) const;
  [[nodiscard]] std::optional<int> status() const { return status_; }

 private:
  void flush();
  void read_printed(std::vector<ChildEvent>& events);
  void read_lines(std::vector<ChildEvent>& events);

  ChildId child_;
  Ends ends_;
  worker::LineReader lines_{ends_.records.get()};
  std::string unsent_;
  bool has_more_lines_ = false;  // read, but not yet given
  bool is_quiet_ = false;        // the last round brought nothing
  std::optional<int> status_;
  Clock::time_point told_at_;  // of the status
};

}  // namespace glimpse::launcher
