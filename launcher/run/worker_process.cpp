#include "launcher/run/worker_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/json/record_json.h"
#include "launcher/child_program.h"

namespace glimpse::launcher {
namespace {

using storage::FileDescriptor;

void check(int error, const char* what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

class SpawnActions {
 public:
  SpawnActions() { check(posix_spawn_file_actions_init(&actions_), "prepare to start a worker"); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  SpawnActions(SpawnActions&&) = delete;
  SpawnActions& operator=(SpawnActions&&) = delete;

  void duplicate(int from, int to) {
    check(posix_spawn_file_actions_adddup2(&actions_, from, to), "prepare to start a worker");
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Before the worker has threads, which inherit it. A core that is not ours to give is no reason
// not to train.
void pin(pid_t process, int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  static_cast<void>(sched_setaffinity(process, sizeof cores, &cores));
}

}  // namespace

WorkerProcess::Pipe WorkerProcess::make_pipe() {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "make a pipe");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

WorkerProcess::WorkerProcess(const WorkerSettings& settings, const std::filesystem::path& log) {
  start(settings, log);
  // Ours would keep the pipes from ever ending.
  to_worker_.reading = FileDescriptor();
  from_worker_.writing = FileDescriptor();
  if (settings.core) {
    pin(pid_, *settings.core);
  }
}

WorkerProcess::~WorkerProcess() {
  kill();
  if (pid_ > 0) {
    waitpid(pid_, nullptr, 0);
  }
}

void WorkerProcess::start(const WorkerSettings& settings, const std::filesystem::path& log) {
  const FileDescriptor printed = storage::open_file(log, O_WRONLY | O_CREAT | O_APPEND);
  constexpr int kCommands = 3;
  constexpr int kRecords = 4;
  SpawnActions actions;
  actions.duplicate(printed.get(), STDOUT_FILENO);
  actions.duplicate(printed.get(), STDERR_FILENO);
  // Above the two places, so that filling one never overwrites what the other is made of.
  const FileDescriptor commands(fcntl(to_worker_.reading.get(), F_DUPFD_CLOEXEC, kRecords + 1));
  const FileDescriptor records(fcntl(from_worker_.writing.get(), F_DUPFD_CLOEXEC, kRecords + 1));
  actions.duplicate(commands.get(), kCommands);
  actions.duplicate(records.get(), kRecords);
  std::vector<std::string> words = {settings.program.string(),
                                    "serve",
                                    "--device",
                                    settings.device,
                                    "--threads",
                                    std::to_string(settings.threads),
                                    "--parent",
                                    std::to_string(getpid())};
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  check(posix_spawn(&pid_, argv[0], actions.get(), nullptr, argv.data(), environ),
        "start a worker");
}

bool WorkerProcess::send(const experiments::Command& command) {
  try {
    commands_.write(experiments::render_command(command));
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void WorkerProcess::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
  }
}

int WorkerProcess::wait() {
  const int status = wait_for_child(pid_);
  pid_ = -1;
  return status;
}

}  // namespace glimpse::launcher
