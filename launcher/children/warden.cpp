#include "launcher/children/warden.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <exception>
#include <optional>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/children/process_tree.h"
#include "launcher/children/program_start.h"
#include "worker/descriptors.h"
#include "worker/exec.h"

namespace glimpse::launcher {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What is stuck in the kernel that long is left to the spawner, so that a trial ends.
constexpr std::chrono::seconds kPatience(10);
constexpr milliseconds kLongestNap(64);

// Unlike SIGTERM and its like these come from nobody else, and are never lost.
int end_signal() {
  return SIGRTMIN;
}
int forward_signal() {
  return SIGRTMIN + 1;
}

sigset_t set_of(std::initializer_list<int> numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) {
    sigaddset(&set, number);
  }
  return set;
}

class Warden {
 public:
  Warden(pid_t spawner, pid_t command) : spawner_(spawner), command_(command) {}

  // Gives the command's status.
  int watch();

 private:
  [[nodiscard]] bool is_told_to_end();
  // False when no child is left, and so no descendant either.
  bool reap();
  void end_descendants();

  pid_t spawner_;
  pid_t command_;
  std::optional<int> status_;
};

int Warden::watch() {
  while (!status_ && !is_told_to_end()) {
    reap();
  }
  end_descendants();
  return status_.value_or(128 + SIGKILL);
}

// Waits for whatever comes.
bool Warden::is_told_to_end() {
  const sigset_t heard = set_of({SIGCHLD, SIGTERM, end_signal(), forward_signal()});
  siginfo_t news{};
  const int number = ::sigwaitinfo(&heard, &news);
  if (number == forward_signal()) {
    signal_program(command_, news.si_value.sival_int);
  }
  return number == end_signal() || ::getppid() != spawner_;
}

bool Warden::reap() {
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
    if (ended == command_) {
      status_ = worker::exit_status(status);
    }
  }
  return ended == 0;
}

// Whoever loses its parent to this becomes a child of ours and is found the next time round.
void Warden::end_descendants() {
  const sigset_t child_ended = set_of({SIGCHLD});
  const auto deadline = Clock::now() + kPatience;
  milliseconds nap(1);
  while (reap() && Clock::now() < deadline) {
    end_with_groups(descendants_of(::getpid(), list_processes()));
    const timespec time{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(nap).count()};
    ::sigtimedwait(&child_ended, nullptr, &time);
    nap = std::min(2 * nap, kLongestNap);
  }
}

void prepare(pid_t spawner) {
  ::prctl(PR_SET_NAME, "glimpse-warden");
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (::getppid() != spawner) {
    ::_exit(128 + SIGKILL);
  }
}

// The warden's copies of the pipes are closed: they would keep them from ever ending.
pid_t start_command(const StartOrder& start) {
  const pid_t self = ::getpid();
  const pid_t command = ::fork();
  if (command == 0) {
    become_program(start, self);
  }
  if (command < 0) {
    const std::error_code why(errno, std::generic_category());
    say_in_pipe(start.pipes.printed.get(), "start a process: " + why.message());
    ::_exit(kCannotStart);
  }
  worker::close_all_but({});
  return command;
}

}  // namespace

void run_warden(const StartOrder& start, pid_t spawner) {
  try {
    prepare(spawner);
    ::_exit(Warden(spawner, start_command(start)).watch());
  } catch (const std::exception&) {
    ::_exit(kCannotStart);  // its descendants are the spawner's now, which ends them
  }
}

void tell_warden_to_end(pid_t warden) {
  ::kill(warden, end_signal());
}

void tell_warden_to_signal(pid_t warden, int number) {
  ::sigqueue(warden, forward_signal(), {.sival_int = number});
}

}  // namespace glimpse::launcher
