#include "worker/stop_signals.h"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <sys/signalfd.h>
#include <unistd.h>

namespace glimpse::worker {

StopSignals::StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    sigaddset(&signals, signal);
  }
  if (sigprocmask(SIG_BLOCK, &signals, nullptr) == 0) {
    fd_ = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  }
  if (fd_ < 0) {
    throw std::system_error(errno, std::generic_category(), "listen to signals");
  }
}

StopSignals::~StopSignals() {
  close(fd_);
}

bool StopSignals::has_come() {
  signalfd_siginfo info{};
  while (read(fd_, &info, sizeof info) > 0) {
    has_come_ = true;
  }
  return has_come_;
}

}  // namespace glimpse::worker
