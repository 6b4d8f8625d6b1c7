#include "launcher/detached.h"

#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/exec.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

void check(int error, const std::string& what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

// What a shell or a batch system left open in us must not be held open by a program that runs for
// days.
void close_on_exec_from(int first) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", ignored)) {
    const int number = std::stoi(entry.path().filename().string());
    const int flags = fcntl(number, F_GETFD);
    if (number >= first && flags >= 0) {
      fcntl(number, F_SETFD, flags | FD_CLOEXEC);  // NOLINT(hicpp-signed-bitwise)
    }
  }
}

class Actions {
 public:
  explicit Actions(const fs::path& log) {
    constexpr const char* kWhat = "prepare to start a program";
    check(posix_spawn_file_actions_init(&actions_), kWhat);
    check(posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
          kWhat);
    check(posix_spawn_file_actions_addopen(
              &actions_, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666),
          kWhat);
    check(posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO), kWhat);
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  Actions(Actions&&) = delete;
  Actions& operator=(Actions&&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    constexpr const char* kWhat = "prepare to start a program";
    check(posix_spawnattr_init(&attributes_), kWhat);
    sigset_t none{};
    sigset_t ours{};
    sigemptyset(&none);
    sigemptyset(&ours);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
      sigaddset(&ours, number);
    }
    check(posix_spawnattr_setsigmask(&attributes_, &none), kWhat);
    check(posix_spawnattr_setsigdefault(&attributes_, &ours), kWhat);
    constexpr int kFlags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    check(posix_spawnattr_setflags(&attributes_, static_cast<short>(kFlags)), kWhat);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  Attributes(Attributes&&) = delete;
  Attributes& operator=(Attributes&&) = delete;

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

int start_detached(const std::vector<std::string>& arguments, const fs::path& log) {
  close_on_exec_from(STDERR_FILENO + 1);
  const Actions actions(log);
  const Attributes attributes;
  const std::vector<char*> argv = worker::argument_pointers(arguments);
  pid_t child = 0;
  check(posix_spawn(&child, argv[0], actions.get(), attributes.get(), argv.data(), environ),
        "start " + arguments[0] + " with its output in " + log.string());
  return child;
}

std::optional<int> try_end_of_child(int pid) {
  int status = 0;
  const pid_t ended = waitpid(pid, &status, WNOHANG);
  if (ended < 0) {
    check(errno, "wait for a program");
  }
  if (ended == 0) {
    return std::nullopt;
  }
  return worker::exit_status(status);
}

}  // namespace glimpse::launcher
