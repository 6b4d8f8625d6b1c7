#include "launcher/isolated.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "launcher/child_program.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using storage::StorageError;
using storage::StorageFault;

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
[[noreturn]] void work_and_leave(int report, const std::function<void()>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string failure = failure_of(work);
  const ssize_t told = write(report, failure.data(), failure.size());
  _exit(failure.empty() && told == 0 ? 0 : 1);
}

// A message is one line; a pipe holds more than that, so the writer never waits for us.
std::string read_report(int fd) {
  std::string report;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 1; got > 0;) {
    got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      got = 1;
    } else if (got > 0) {
      report.append(buffer.data(), static_cast<std::size_t>(got));
    }
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
                  const std::function<void()>& work) {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC) == 0, "make a pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work_and_leave(ends[1], work);
  }
  close(ends[1]);
  const std::string report = child > 0 ? read_report(ends[0]) : std::string();
  close(ends[0]);
  check(child > 0, "fork");
  const int status = wait_for_child(child);
  if (status > 128 || (status != 0 && report.empty())) {
    throw fault_of_end(status, what, path);
  }
  if (!report.empty()) {
    throw StorageError(static_cast<StorageFault>(report.front()), path, report.substr(1));
  }
}

}  // namespace glimpse::launcher
