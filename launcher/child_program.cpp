#include "launcher/child_program.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

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

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  void close() {
    if (fd_ >= 0) {
      ::close(fd_);
      fd_ = -1;
    }
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

pid_t spawn(const std::vector<std::string>& arguments, const SpawnActions& actions) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: posix_spawn changes nothing
  }
  argv.push_back(nullptr);
  pid_t child = 0;
  check(posix_spawnp(&child, argv[0], actions.get(), nullptr, argv.data(), environ),
        "start " + arguments[0]);
  return child;
}

// Reads until the other side closes; false once the time is up or the output too long.
bool read_all(int fd, double timeout_s, std::string& output) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_s);
  std::array<char, 4096> buffer{};
  while (output.size() < kMaxOutput) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) == 0) {
      return false;
    }
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got <= 0) {
      return got == 0;
    }
    output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return false;
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

int wait_for_child(int pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    check(errno == EINTR ? 0 : errno, "wait for a program");
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

ChildResult run_program(const std::vector<std::string>& arguments) {
  SpawnActions actions;
  actions.duplicate(STDERR_FILENO, STDOUT_FILENO);
  return {wait_for_child(spawn(arguments, actions)), {}};
}

ChildResult capture_program(const std::vector<std::string>& arguments, double timeout_s) {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "make a pipe");
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  SpawnActions actions;
  actions.duplicate(theirs.get(), STDOUT_FILENO);
  const pid_t child = spawn(arguments, actions);
  theirs.close();
  ChildResult result;
  if (!read_all(ours.get(), timeout_s, result.output)) {
    kill(child, SIGKILL);
  }
  result.status = wait_for_child(child);
  return result;
}

}  // namespace glimpse::launcher
