#include "worker/descriptors.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace glimpse::worker {
namespace {

[[noreturn]] void throw_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// All are listed before the first is closed: the listing has a descriptor of its own, which is gone
// when its turn comes.
std::vector<int> list_descriptors() {
  std::vector<int> descriptors;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    descriptors.push_back(std::stoi(entry.path().filename()));
  }
  return descriptors;
}

// Both ends included.
void close_range_slowly(int first, int last) {
  for (const int descriptor : list_descriptors()) {
    if (descriptor >= first && descriptor <= last) {
      ::close(descriptor);
    }
  }
}

// Kernels before 5.9 do not have the call, and some containers forbid it.
void close_between(int first, int last) {
  if (first > last ||
      ::close_range(static_cast<unsigned>(first), static_cast<unsigned>(last), 0) == 0) {
    return;
  }
  if (errno != ENOSYS && errno != EPERM) {
    throw_error("close inherited descriptors");
  }
  close_range_slowly(first, last);
}

}  // namespace

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw_error("make a pipe");
  }
  return {storage::FileDescriptor(ends[0]), storage::FileDescriptor(ends[1])};
}

void close_all_but(std::span<const int> kept) {
  std::vector<int> sorted(kept.begin(), kept.end());
  std::sort(sorted.begin(), sorted.end());
  int first = 0;
  for (const int descriptor : sorted) {
    close_between(first, descriptor - 1);
    first = std::max(first, descriptor + 1);
  }
  close_between(first, INT_MAX);
}

void die_with_parent(pid_t parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    throw_error("ask for the end of the parent process");
  }
  // A parent that ended before the call sends nothing any more.
  if (::getppid() != parent) {
    ::raise(SIGKILL);
  }
}

}  // namespace glimpse::worker
