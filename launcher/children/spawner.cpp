#include "launcher/children/spawner.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/children/spawner_main.h"
#include "worker/descriptors.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::FileDescriptor;

// It answers within milliseconds; one that does not is stopped or worse.
constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

void check(int result, const char* what) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

// Batch systems and terminals signal all processes at once, and the agent decides what that means.
// With signals blocked nothing but SIGKILL moves the spawner. Programs begin with none blocked, and
// ignore only those two with which batch systems warn everybody: one that knows nothing of them
// would die of the warning, before the agent's SIGTERM lets it save.
void stand_apart() {
  sigset_t all;
  sigfillset(&all);
  check(sigprocmask(SIG_SETMASK, &all, nullptr), "block signals");
  for (int number = 1; number < NSIG; ++number) {
    const bool is_warning = number == SIGUSR1 || number == SIGUSR2;
    std::signal(number, is_warning ? SIG_IGN : SIG_DFL);  // some cannot be changed
  }
  check(::setsid(), "leave the process group");
  check(::prctl(PR_SET_CHILD_SUBREAPER, 1), "adopt the processes that lose their parents");
}

// The standard descriptors must not become pipes by chance.
void open_nothing() {
  while (true) {
    const int descriptor = ::open("/dev/null", O_RDWR);
    check(descriptor, "open /dev/null");
    if (descriptor > STDERR_FILENO) {
      ::close(descriptor);
      return;
    }
  }
}

fs::path find_program() {
  fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "glimpse-spawner";
  if (::access(program.c_str(), X_OK) != 0) {
    throw std::system_error(
        errno,
        std::generic_category(),
        "start " + program.string() + ", which lies beside glimpse (install Glimpse again)");
  }
  return program;
}

[[noreturn]] void become_spawner(const fs::path& program, int socket, pid_t agent) {
  try {
    worker::die_with_parent(agent);
    stand_apart();
    worker::close_all_but(std::array{socket});
    open_nothing();
    check(::dup2(socket, kSpawnerSocket), "place the socket");
    check(::fcntl(kSpawnerSocket, F_SETFD, 0), "keep the socket");
    ::execl(program.c_str(), program.c_str(), nullptr);
  } catch (const std::exception&) {
    // As below: the agent sees the end of the socket.
  }
  ::_exit(1);
}

}  // namespace

Spawner::Spawner() {
  const fs::path program = find_program();
  std::array<int, 2> ends{};
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()),
        "make a socket to start processes over");
  socket_ = FileDescriptor(ends[0]);
  const FileDescriptor its(ends[1]);
  check(::setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience),
        "limit the wait for the process that starts all others");
  const pid_t self = ::getpid();
  process_ = ::fork();
  if (process_ == 0) {
    become_spawner(program, its.get(), self);
  }
  check(process_, "start the process that starts all others");
}

Spawner::~Spawner() {
  socket_ = FileDescriptor();  // it sees the end
  while (process_ > 0 && ::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

template <typename Send>
bool Spawner::try_tell(const Send& send) {
  if (is_gone()) {
    return false;
  }
  try {
    send();
    return true;
  } catch (const std::system_error& error) {
    const int why = error.code().value();
    if (why != EPIPE && why != ECONNRESET && why != EAGAIN) {
      throw;
    }
    bury();
    return false;
  }
}

void Spawner::bury() {
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  socket_ = FileDescriptor();
}

bool Spawner::start(ChildId child, const ChildOrder& order, const ChildPipes& pipes) {
  return try_tell([&] { send_start(socket_.get(), child, order, pipes); });
}

bool Spawner::signal(ChildId child, int number) {
  return try_tell([&] {
    send_request(socket_.get(),
                 {.child = child, .kind = SpawnRequest::Kind::kSignal, .number = number});
  });
}

bool Spawner::kill(ChildId child) {
  return try_tell(
      [&] { send_request(socket_.get(), {.child = child, .kind = SpawnRequest::Kind::kKill}); });
}

std::optional<SpawnReport> Spawner::try_next() {
  SpawnReport report;
  switch (is_gone() ? SocketNews::kNothing : receive_report(socket_.get(), report)) {
    case SocketNews::kMessage:
      return report;
    case SocketNews::kNothing:
      return std::nullopt;
    case SocketNews::kEnd:
      bury();
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace glimpse::launcher
