#include "launcher/children/spawner_main.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <deque>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/children/process_tree.h"
#include "launcher/children/program_start.h"
#include "launcher/children/spawn_messages.h"
#include "launcher/children/warden.h"
#include "worker/exec.h"

namespace glimpse::launcher {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What a process leaves behind is looked for so soon after its end: late enough that many ends
// share one look, which reads the list of all processes of the machine.
constexpr milliseconds kFirstLook(50);
constexpr milliseconds kLongestPause(1000);    // between looks while some do not end
constexpr std::chrono::seconds kPatience(12);  // a warden's is 10
constexpr int kRequestsAtOnce = 16;

storage::FileDescriptor open_child_news() {
  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  storage::FileDescriptor news(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!news.is_open()) {
    throw std::system_error(errno, std::generic_category(), "hear of the ends of processes");
  }
  return news;
}

class SpawnerLoop {
 public:
  explicit SpawnerLoop(int socket) : socket_(socket) {}

  void run();

 private:
  struct Child {
    ChildId id = 0;
    bool has_warden = false;
  };

  void wait(bool is_wanted);
  // False when the agent is gone.
  bool take_requests();
  void obey(ReceivedRequest received);
  void start(ChildId id, std::vector<storage::FileDescriptor> descriptors);
  [[nodiscard]] pid_t fork_child(const StartOrder& start) const;
  void signal(ChildId id, int number);
  void kill(pid_t process, bool has_warden) const;
  void end_all();
  // False when no child is left.
  bool reap();
  void take_end(pid_t process, int wait_status);
  void end_orphans();
  void flush();

  int socket_;
  storage::FileDescriptor child_news_ = open_child_news();
  std::map<pid_t, Child> children_;
  std::map<ChildId, pid_t> processes_;
  std::deque<SpawnReport> reports_;        // what the agent has not taken yet
  std::optional<Clock::time_point> look_;  // for orphans, next time
  milliseconds pause_ = kFirstLook;
};

void SpawnerLoop::run() {
  for (bool is_wanted = true; is_wanted;) {
    wait(true);
    is_wanted = take_requests();
    reap();
    end_orphans();
    flush();
  }
  end_all();
}

// Wakes for the agent, for an end, or to look for orphans.
void SpawnerLoop::wait(bool is_wanted) {
  int timeout = -1;
  if (look_) {
    const auto left = std::chrono::ceil<milliseconds>(*look_ - Clock::now());
    timeout = static_cast<int>(std::max(left, milliseconds(0)).count());
  }
  const short events = reports_.empty() ? POLLIN : POLLIN | POLLOUT;
  std::array<pollfd, 2> waiting{{{.fd = child_news_.get(), .events = POLLIN, .revents = 0},
                                 {.fd = is_wanted ? socket_ : -1, .events = events, .revents = 0}}};
  ::poll(waiting.data(), waiting.size(), timeout);
  std::array<signalfd_siginfo, 16> news{};  // only wakes; waitpid tells
  while (::read(child_news_.get(), news.data(), sizeof news) > 0) {
  }
}

bool SpawnerLoop::take_requests() {
  for (int taken = 0; taken < kRequestsAtOnce; ++taken) {
    ReceivedRequest received;
    const SocketNews what = receive_request(socket_, received);
    if (what != SocketNews::kMessage) {
      return what == SocketNews::kNothing;
    }
    obey(std::move(received));
  }
  return true;
}

void SpawnerLoop::obey(ReceivedRequest received) {
  const SpawnRequest& request = received.request;
  if (request.kind == SpawnRequest::Kind::kStart) {
    start(request.child, std::move(received.descriptors));
    return;
  }
  const auto found = processes_.find(request.child);
  if (found == processes_.end()) {
    return;  // it has ended, and its number may be somebody else's
  }
  const pid_t process = found->second;
  const bool has_warden = children_.at(process).has_warden;
  if (request.kind == SpawnRequest::Kind::kKill) {
    kill(process, has_warden);
  } else if (has_warden) {
    tell_warden_to_signal(process, request.number);
  } else {
    signal_program(process, request.number);
  }
}

void SpawnerLoop::start(ChildId id, std::vector<storage::FileDescriptor> descriptors) {
  try {
    const StartOrder start = take_start(std::move(descriptors));
    const pid_t process = fork_child(start);
    if (process < 0) {
      const std::error_code why(errno, std::generic_category());
      say_in_pipe(start.pipes.printed.get(), "start a process: " + why.message());
      reports_.push_back({id, SpawnReport::Kind::kEnded, kCannotStart});
      return;
    }
    children_[process] = {id, start.order.has_warden};
    processes_[id] = process;
    reports_.push_back({id, SpawnReport::Kind::kStarted, process});
  } catch (const std::exception&) {
    reports_.push_back({id, SpawnReport::Kind::kEnded, kCannotStart});
  }
}

pid_t SpawnerLoop::fork_child(const StartOrder& start) const {
  const pid_t self = ::getpid();
  const pid_t process = ::fork();
  if (process == 0 && start.order.has_warden) {
    run_warden(start, self);
  }
  if (process == 0) {
    become_program(start, self);
  }
  return process;
}

void SpawnerLoop::kill(pid_t process, bool has_warden) const {
  if (has_warden) {
    tell_warden_to_end(process);
  } else {
    ::kill(-process, SIGKILL);
    ::kill(process, SIGKILL);  // it may not lead its group yet
  }
}

void SpawnerLoop::end_all() {
  const auto deadline = Clock::now() + kPatience;
  for (const auto& [process, child] : children_) {
    kill(process, child.has_warden);
  }
  while (reap() && Clock::now() < deadline) {
    look_ = std::min(look_.value_or(deadline), Clock::now() + kFirstLook);
    wait(false);
    end_orphans();
  }
}

bool SpawnerLoop::reap() {
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
    take_end(ended, status);
  }
  return ended == 0;
}

void SpawnerLoop::take_end(pid_t process, int wait_status) {
  if (!look_) {
    pause_ = kFirstLook;
    look_ = Clock::now() + pause_;
  }
  const auto found = children_.find(process);
  if (found != children_.end()) {
    reports_.push_back(
        {found->second.id, SpawnReport::Kind::kEnded, worker::exit_status(wait_status)});
    processes_.erase(found->second.id);
    children_.erase(found);
  }
}

// A child that nobody ordered came to us because its parent ended: a killed warden, or a program
// that left it behind. Whoever stood between is gone, so nobody else would end it.
void SpawnerLoop::end_orphans() {
  if (!look_ || Clock::now() < *look_) {
    return;
  }
  look_.reset();
  const std::vector<ProcessRow> rows = list_processes();
  std::vector<pid_t> orphans;
  for (const ProcessRow& row : rows) {
    if (row.parent == ::getpid() && !children_.contains(row.process)) {
      orphans.push_back(row.process);
      const std::vector<pid_t> below = descendants_of(row.process, rows);
      orphans.insert(orphans.end(), below.begin(), below.end());
    }
  }
  if (!orphans.empty()) {
    end_with_groups(orphans);
    look_ = Clock::now() + pause_;
    pause_ = std::min(2 * pause_, kLongestPause);
  }
}

void SpawnerLoop::flush() {
  while (!reports_.empty() && try_send_report(socket_, reports_.front())) {
    reports_.pop_front();
  }
}

}  // namespace

void serve_spawner(int socket) {
  SpawnerLoop(socket).run();
}

}  // namespace glimpse::launcher
