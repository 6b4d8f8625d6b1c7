#include "launcher/children/process_children.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "launcher/children/child_talk.h"
#include "worker/descriptors.h"

namespace glimpse::launcher {
namespace {

using std::chrono::milliseconds;
using Clock = ChildTalk::Clock;

constexpr int kKilled = 128 + 9;
constexpr milliseconds kLongestWait = std::chrono::hours(1);  // far from any overflow

pollfd to_read(int descriptor) {
  return {.fd = descriptor, .events = POLLIN, .revents = 0};
}

// Both sides of the pipes that an order asks for.
struct MadePipes {
  ChildTalk::Ends ours;
  ChildPipes its;
};

MadePipes make_pipes(const ChildOrder& order) {
  MadePipes made;
  worker::Pipe printed = worker::make_pipe();
  made.ours.printed = std::move(printed.reading);
  made.its.printed = std::move(printed.writing);
  if (order.commands_at >= 0) {
    worker::Pipe commands = worker::make_pipe();
    made.ours.commands = std::move(commands.writing);
    made.its.commands = std::move(commands.reading);
  }
  if (order.records_at >= 0) {
    worker::Pipe records = worker::make_pipe();
    made.ours.records = std::move(records.reading);
    made.its.records = std::move(records.writing);
  }
  return made;
}

}  // namespace

ChildId ProcessChildren::start(const ChildOrder& order) {
  MadePipes made = make_pipes(order);
  const ChildId child = ++last_;
  if (!spawner_.start(child, order, made.its)) {
    throw std::runtime_error(
        "start " + (order.arguments.empty() ? "a program" : order.arguments[0]) +
        ": the process that starts all others was ended; run the same command again to go on");
  }
  children_.emplace(child, Child{ChildTalk(child, std::move(made.ours)), std::nullopt});
  return child;
}

bool ProcessChildren::send(ChildId child, std::string_view line) {
  const auto found = children_.find(child);
  return found != children_.end() && found->second.talk.send(line);
}

void ProcessChildren::signal(ChildId child, int number) {
  if (children_.contains(child)) {
    spawner_.signal(child, number);
  }
}

void ProcessChildren::kill(ChildId child) {
  if (children_.contains(child)) {
    spawner_.kill(child);
  }
}

std::optional<pid_t> ProcessChildren::process_of(ChildId child) const {
  const auto found = children_.find(child);
  return found == children_.end() ? std::nullopt : found->second.process;
}

// The spawner comes first, then `also`, then each child's ends in the order of children_. Nothing
// where a signal came.
std::vector<pollfd> ProcessChildren::poll(milliseconds timeout, int also) const {
  std::vector<pollfd> polled = {to_read(spawner_.descriptor()), to_read(also)};
  milliseconds most = std::min(timeout, kLongestWait);
  for (const auto& [id, child] : children_) {
    const ChildTalk::Polled ends = child.talk.polled();
    polled.insert(polled.end(), ends.begin(), ends.end());
    most = std::min(most, child.talk.longest_wait(Clock::now()).value_or(most));
  }
  if (::poll(polled.data(), polled.size(), static_cast<int>(most.count())) < 0) {
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "wait for processes");
    }
    return {};
  }
  return polled;
}

std::vector<ChildEvent> ProcessChildren::wait(milliseconds timeout, int also) {
  std::vector<ChildEvent> events;
  const std::vector<pollfd> polled = poll(timeout, also);
  if (polled.empty()) {
    return events;
  }
  take_reports();
  auto found = polled.begin() + 2;
  for (auto at = children_.begin(); at != children_.end(); found += ChildTalk::kEnds) {
    ChildTalk& talk = at->second.talk;
    talk.read(std::span(found, ChildTalk::kEnds).first<ChildTalk::kEnds>(), events);
    if (talk.is_over(Clock::now())) {
      events.push_back({.child = at->first,
                        .kind = ChildEvent::Kind::kEnded,
                        .text = {},
                        .status = *talk.status()});
      at = children_.erase(at);
    } else {
      ++at;
    }
  }
  return events;
}

void ProcessChildren::take_reports() {
  while (const auto report = spawner_.try_next()) {
    const auto found = children_.find(report->child);
    if (found == children_.end()) {
      continue;
    }
    if (report->kind == SpawnReport::Kind::kStarted) {
      found->second.process = report->number;
    } else {
      found->second.process.reset();
      found->second.talk.end(report->number, Clock::now());
    }
  }
  if (!spawner_.is_gone()) {
    return;
  }
  for (auto& [id, child] : children_) {
    if (!child.talk.status()) {
      child.process.reset();
      child.talk.end(kKilled, Clock::now());
    }
  }
}

}  // namespace glimpse::launcher
