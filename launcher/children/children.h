#pragma once

// The processes that an agent starts, as it sees them: orders go in, lines and ends come out. One
// thread. ProcessChildren (process_children.h) makes real ones; tests and benchmarks make others.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/study.h"

namespace glimpse::launcher {

using ChildId = std::uint64_t;  // never given twice

struct ChildOrder {
  std::vector<std::string> arguments;    // the program first, looked up in its PATH
  std::vector<std::string> environment;  // all of it, "NAME=value"
  std::string folder;                    // where it works; empty: where we do
  std::vector<int> cores;                // it is pinned to; empty: where we are
  std::vector<experiments::ResourceLimit> rlimits;
  // Descriptor the child reads commands from and the one it writes records to; -1 for none.
  int commands_at = -1;
  int records_at = -1;
  // A command of somebody else's may start processes of its own, which nobody else would end: it
  // gets a warden that ends them with it.
  bool has_warden = false;
};

struct ChildEvent {
  enum class Kind {
    kLine,      // a record, without its newline
    kLongLine,  // one above the limit; its bytes are dropped
    kPrinted,   // bytes of stdout and stderr as they came, lines or not
    kEnded      // the last of a child: all it wrote has come before
  };
  ChildId child = 0;
  Kind kind = Kind::kLine;
  std::string text;
  int status = 0;  // of kEnded: exit code, or 128 + the signal that ended it
};

class Children {
 public:
  virtual ~Children() = default;
  Children() = default;
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;
  Children(Children&&) = delete;
  Children& operator=(Children&&) = delete;

  // A child that cannot be started ends like one that could: with a word in kPrinted and status 127
  // (no such program) or 126.
  virtual ChildId start(const ChildOrder& order) = 0;
  // A command line; false when the child is gone or does not read.
  virtual bool send(ChildId child, std::string_view line) = 0;
  // To the child's process group. What has ended already is left alone.
  virtual void signal(ChildId child, int number) = 0;
  // SIGKILL for the child and, where it has a warden, all its descendants.
  virtual void kill(ChildId child) = 0;

  // Waits at most so long for something to come, less when a signal arrives or `also` (a
  // descriptor, -1 for none) becomes readable; gives a bounded number of events in order.
  virtual std::vector<ChildEvent> wait(std::chrono::milliseconds timeout, int also) = 0;
};

}  // namespace glimpse::launcher
