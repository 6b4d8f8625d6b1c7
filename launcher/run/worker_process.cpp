#include "launcher/run/worker_process.h"

#include <array>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/json/record_json.h"
#include "launcher/child_program.h"

namespace glimpse::launcher {
namespace {

using storage::FileDescriptor;

// Before the worker has threads, which inherit it. A core that is not ours to give is no reason
// not to train.
void pin(pid_t process, int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  static_cast<void>(sched_setaffinity(process, sizeof cores, &cores));
}

}  // namespace

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
  // Above the two places, so that filling one never overwrites what the other is made of.
  const FileDescriptor commands(fcntl(to_worker_.reading.get(), F_DUPFD_CLOEXEC, kRecords + 1));
  const FileDescriptor records(fcntl(from_worker_.writing.get(), F_DUPFD_CLOEXEC, kRecords + 1));
  const std::array redirections = {Redirection{.from = printed.get(), .to = STDOUT_FILENO},
                                   Redirection{.from = printed.get(), .to = STDERR_FILENO},
                                   Redirection{.from = commands.get(), .to = kCommands},
                                   Redirection{.from = records.get(), .to = kRecords}};
  pid_ = start_program({settings.program.string(),
                        "serve",
                        "--device",
                        settings.device,
                        "--threads",
                        std::to_string(settings.threads),
                        "--parent",
                        std::to_string(getpid())},
                       redirections);
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
