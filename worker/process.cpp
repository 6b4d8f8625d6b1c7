#include "worker/process.h"

#include <cerrno>
#include <csignal>
#include <limits>
#include <system_error>

#include <malloc.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace glimpse::worker {

void keep_freed_memory() {
  // No block is mapped by itself (a threshold could not pass 32 MiB), and the heap never shrinks.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

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
