#pragma once

// Children that are no processes: each one that is started has at once written its lines and ended.
// What is left is what Glimpse itself costs, so benchmarks run on them. One thread.

#include <deque>
#include <string>
#include <vector>

#include "launcher/children/children.h"

namespace glimpse::launcher {

class MemoryChildren final : public Children {
 public:
  // What each child writes.
  explicit MemoryChildren(std::vector<std::string> lines) : lines_(std::move(lines)) {}

  ChildId start(const ChildOrder& order) override;
  bool send(ChildId /*child*/, std::string_view /*line*/) override { return false; }
  void signal(ChildId /*child*/, int /*number*/) override {}
  void kill(ChildId /*child*/) override {}
  std::vector<ChildEvent> wait(std::chrono::milliseconds timeout, int also) override;

 private:
  void add_next(std::vector<ChildEvent>& events);

  std::vector<std::string> lines_;
  std::deque<ChildId> running_;
  std::size_t next_line_ = 0;  // of the oldest
  ChildId last_ = 0;
};

}  // namespace glimpse::launcher
