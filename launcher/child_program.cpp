#include "launcher/child_program.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>
#include <system_error>
#include <thread>

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/descriptors.h"
#include "worker/exec.h"

namespace glimpse::launcher {
namespace {

constexpr std::size_t kMaxOutput = 1 << 20;

void check(int error, const std::string& what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

class SpawnActions {
 public:
  SpawnActions() { check(posix_spawn_file_actions_init(&actions_), "prepare to start a program"); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  SpawnActions(SpawnActions&&) = delete;
  SpawnActions& operator=(SpawnActions&&) = delete;

  void duplicate(int from, int to) {
    check(posix_spawn_file_actions_adddup2(&actions_, from, to), "prepare to start a program");
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

using Clock = std::chrono::steady_clock;

// Reads until the other side closes; false once the time is up or the output too long.
bool read_all(int fd, Clock::time_point deadline, std::string& output) {
  std::array<char, 4096> buffer{};
  while (output.size() < kMaxOutput) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = left <= 0 ? 0 : poll(&waiting, 1, static_cast<int>(left));
    if (ready == 0) {
      return false;
    }
    const ssize_t got = ready < 0 ? ready : read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return got == 0;
    }
    output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return false;
}

// False once the time is up. It may live on after it closed its output.
bool has_ended(pid_t child, Clock::time_point deadline) {
  constexpr std::chrono::milliseconds kNap(5);
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0) {
    if (Clock::now() >= deadline) {
      return false;
    }
    std::this_thread::sleep_for(kNap);
  }
  return true;
}

}  // namespace

std::optional<std::filesystem::path> find_program(const std::string& name,
                                                  const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path file = std::filesystem::path(folder) / name;
    if (!folder.empty() && access(file.c_str(), X_OK) == 0 &&
        std::filesystem::is_regular_file(file)) {
      return file;
    }
  }
  return std::nullopt;
}

int start_program(const std::vector<std::string>& arguments,
                  std::span<const Redirection> redirections) {
  SpawnActions actions;
  for (const Redirection& redirection : redirections) {
    actions.duplicate(redirection.from, redirection.to);
  }
  const std::vector<char*> argv = worker::argument_pointers(arguments);
  pid_t child = 0;
  check(posix_spawnp(&child, argv[0], actions.get(), nullptr, argv.data(), environ),
        "start " + arguments[0]);
  return child;
}

int wait_for_child(int pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    check(errno == EINTR ? 0 : errno, "wait for a program");
  }
  return worker::exit_status(status);
}

ChildResult run_program(const std::vector<std::string>& arguments) {
  const std::array redirections = {Redirection{.from = STDERR_FILENO, .to = STDOUT_FILENO}};
  return {wait_for_child(start_program(arguments, redirections)), {}};
}

ChildResult capture_program(const std::vector<std::string>& arguments, double timeout_s) {
  worker::Pipe output = worker::make_pipe();
  const std::array redirections = {Redirection{.from = output.writing.get(), .to = STDOUT_FILENO}};
  const pid_t child = start_program(arguments, redirections);
  output.writing = storage::FileDescriptor();  // or the end of the output would never be seen
  const auto deadline =
      Clock::now() + std::chrono::ceil<Clock::duration>(std::chrono::duration<double>(timeout_s));
  ChildResult result;
  if (!read_all(output.reading.get(), deadline, result.output) || !has_ended(child, deadline)) {
    kill(child, SIGKILL);
  }
  result.status = wait_for_child(child);
  return result;
}

}  // namespace glimpse::launcher
