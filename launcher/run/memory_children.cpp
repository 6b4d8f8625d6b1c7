#include "launcher/run/memory_children.h"

#include <poll.h>

namespace glimpse::launcher {
namespace {

// Of one round, so that messages are dealt with in between.
constexpr std::size_t kMostEvents = 256;

}  // namespace

ChildId MemoryChildren::start(const ChildOrder& /*order*/) {
  running_.push_back(++last_);
  return last_;
}

std::vector<ChildEvent> MemoryChildren::wait(std::chrono::milliseconds timeout, int also) {
  if (running_.empty()) {
    pollfd polled{.fd = also, .events = POLLIN, .revents = 0};
    // A signal is as good a reason to come back as any.
    static_cast<void>(::poll(&polled, 1, static_cast<int>(timeout.count())));
  }
  std::vector<ChildEvent> events;
  while (!running_.empty() && events.size() < kMostEvents) {
    add_next(events);
  }
  return events;
}

void MemoryChildren::add_next(std::vector<ChildEvent>& events) {
  const ChildId child = running_.front();
  if (next_line_ < lines_.size()) {
    events.push_back({.child = child,
                      .kind = ChildEvent::Kind::kLine,
                      .text = lines_[next_line_++],
                      .status = 0});
    return;
  }
  events.push_back({.child = child, .kind = ChildEvent::Kind::kEnded, .text = {}, .status = 0});
  running_.pop_front();
  next_line_ = 0;
}

}  // namespace glimpse::launcher
