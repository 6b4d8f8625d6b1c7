#include "launcher/isolated.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/child_program.h"
#include "storage/files/file_io.h"
#include "storage/storage_error.h"
#include "worker/descriptors.h"

namespace glimpse::launcher {
namespace {

using storage::FileDescriptor;
using storage::StorageError;
using storage::StorageFault;

constexpr int kLookForSignalsMs = 100;

void check(bool is_done, const char* what) {
  if (!is_done) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

// A fault and its line, as they go through the pipe: the first byte is the fault.
std::string failure_of(const std::function<void()>& work) {
  const auto pack = [](StorageFault fault, const char* text) {
    return static_cast<char>(fault) + std::string(text);
  };
  try {
    work();
    return {};
  } catch (const StorageError& error) {
    return pack(error.fault(), error.what());
  } catch (const std::exception& error) {
    return pack(StorageFault::kIo, error.what());
  }
}

// Never returns: whatever the parent had open or planned to do at its end is not ours.
[[noreturn]] void work_and_leave(pid_t parent, int report, const std::function<void()>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(1);  // it died before we could ask to be told
  }
  const std::string failure = failure_of(work);
  const ssize_t told = write(report, failure.data(), failure.size());
  _exit(failure.empty() && told == 0 ? 0 : 1);
}

// A copy that nobody waits for any more is killed.
class Copy {
 public:
  explicit Copy(pid_t pid) : pid_(pid) {}
  ~Copy() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  Copy(Copy&&) = delete;
  Copy& operator=(Copy&&) = delete;

  int wait() { return wait_for_child(std::exchange(pid_, -1)); }

 private:
  pid_t pid_;
};

// A message is one line; a pipe holds more than that, so the writer never waits for us.
std::string read_report(int fd, const Interruption& interruption) {
  std::string report;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 1; got > 0;) {
    interruption.check();
    pollfd end{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&end, 1, kLookForSignalsMs) <= 0) {
      continue;
    }
    got = read(fd, buffer.data(), buffer.size());
    report.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }
  return report;
}

// Of a copy that had no time to say why it ended. Only a crash of its own tells something about
// what it read.
StorageError fault_of_end(int status, const std::string& what, const std::filesystem::path& path) {
  if (status <= 128) {
    return {StorageFault::kIo, path, what + ": ended with exit code " + std::to_string(status)};
  }
  const int signal = status - 128;
  const std::string name = strsignal(signal);
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGABRT:
    case SIGFPE:
    case SIGILL:
      return {StorageFault::kDamaged,
              path,
              what + ": the library that reads it crashed (" + name +
                  "); the file is damaged or made to do so"};
    case SIGXFSZ:
      return {StorageFault::kDiskFull, path, what + ": " + name + " (raise 'ulimit -f')"};
    case SIGKILL:
      return {StorageFault::kIo,
              path,
              what + ": killed; the machine was out of memory, or somebody ended it (try again)"};
    default:
      return {StorageFault::kIo, path, what + ": interrupted (" + name + ")"};
  }
}

}  // namespace

void run_isolated(const std::string& what,
                  const std::filesystem::path& path,
                  const Interruption& interruption,
                  const std::function<void()>& work) {
  worker::Pipe pipe = worker::make_pipe();
  const pid_t parent = getpid();
  const pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    work_and_leave(parent, pipe.writing.get(), work);
  }
  Copy copy(child);
  pipe.writing.close("a pipe");
  const std::string report = read_report(pipe.reading.get(), interruption);
  const int status = copy.wait();
  if (status > 128 || (status != 0 && report.empty())) {
    throw fault_of_end(status, what, path);
  }
  if (!report.empty()) {
    throw StorageError(static_cast<StorageFault>(report.front()), path, report.substr(1));
  }
}

}  // namespace glimpse::launcher
