#include "launcher/children/program_start.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "worker/descriptors.h"
#include "worker/exec.h"

namespace glimpse::launcher {
namespace {

using Resource = decltype(RLIMIT_CORE);

constexpr std::array<std::pair<std::string_view, Resource>, 9> kResources = {
    {{"as", RLIMIT_AS},
     {"core", RLIMIT_CORE},
     {"cpu", RLIMIT_CPU},
     {"data", RLIMIT_DATA},
     {"fsize", RLIMIT_FSIZE},
     {"memlock", RLIMIT_MEMLOCK},
     {"nofile", RLIMIT_NOFILE},
     {"nproc", RLIMIT_NPROC},
     {"stack", RLIMIT_STACK}}};

void check(bool holds, const std::string& what) {
  if (!holds) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

// A descriptor and the place where the program expects it.
struct Placement {
  int from = -1;
  int to = -1;
};

// All else that is open closes with the exec: the spawner opens nothing in any other way.
void place(std::vector<Placement> placements) {
  int above = 0;
  for (const Placement& placement : placements) {
    above = std::max(above, placement.to + 1);
  }
  // All go above the last place first: filling one never overwrites what another is made of.
  for (Placement& placement : placements) {
    placement.from = ::fcntl(placement.from, F_DUPFD_CLOEXEC, above);
    check(placement.from >= 0, "make room for pipes");
  }
  for (const Placement& placement : placements) {
    check(::dup2(placement.from, placement.to) >= 0, "put pipes in their places");
  }
}

void place_pipes(const StartOrder& start) {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  check(nothing >= 0, "open /dev/null");
  const int printed = start.pipes.printed.get();
  std::vector<Placement> placements = {{nothing, STDIN_FILENO}};
  placements.push_back({printed, STDOUT_FILENO});
  placements.push_back({printed, STDERR_FILENO});
  if (start.order.commands_at >= 0) {
    placements.push_back({start.pipes.commands.get(), start.order.commands_at});
  }
  if (start.order.records_at >= 0) {
    placements.push_back({start.pipes.records.get(), start.order.records_at});
  }
  place(std::move(placements));
}

void set_limit(const std::string& name, std::uint64_t value) {
  const auto* const row =
      std::ranges::find(kResources, name, &std::pair<std::string_view, Resource>::first);
  if (row == kResources.end()) {
    throw std::runtime_error("limit the resource \"" + name + "\": there is no such limit");
  }
  const rlimit limit{.rlim_cur = value, .rlim_max = value};
  if (::setrlimit(row->second, &limit) != 0) {
    throw std::system_error(errno,
                            std::generic_category(),
                            "limit the resource \"" + name + "\" to " + std::to_string(value));
  }
}

// A core file of a training process is as large as its memory, and nobody would look for it.
void set_limits(const std::vector<experiments::ResourceLimit>& limits) {
  if (std::ranges::find(limits, "core", &experiments::ResourceLimit::name) == limits.end()) {
    set_limit("core", 0);
  }
  for (const experiments::ResourceLimit& limit : limits) {
    set_limit(limit.name, limit.value);
  }
}

// A core that is not ours to give is no reason not to run.
void pin(const std::vector<int>& numbers) {
  if (numbers.empty()) {
    return;
  }
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (const int number : numbers) {
    CPU_SET(static_cast<unsigned>(number), &cores);
  }
  static_cast<void>(::sched_setaffinity(0, sizeof cores, &cores));
}

void prepare(const ChildOrder& order) {
  // A group of its own to be signalled. With a session of its own nothing it starts can join a
  // group of ours, or ask questions on the terminal.
  check(::setsid() >= 0, "leave the process group");
  pin(order.cores);
  const std::string& folder = order.folder;
  check(folder.empty() || ::chdir(folder.c_str()) == 0, "work in the folder " + folder);
}

// Gives errno where it cannot.
int execute(const ChildOrder& order) {
  std::vector<char*> environment = worker::argument_pointers(order.environment);
  const std::vector<char*> arguments = worker::argument_pointers(order.arguments);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  set_limits(order.rlimits);     // last: from here on there may be no memory to be had
  environ = environment.data();  // whose PATH counts
  ::execvp(arguments[0], arguments.data());
  const int error = errno;
  environ = nullptr;  // what it pointed to ends here
  return error;
}

}  // namespace

void become_program(const StartOrder& start, pid_t parent) {
  int pipe = start.pipes.printed.get();
  try {
    if (start.order.arguments.empty()) {
      throw std::runtime_error("start a program: none is named");
    }
    worker::die_with_parent(parent);
    place_pipes(start);
    pipe = STDERR_FILENO;
    prepare(start.order);
    const std::error_code why(execute(start.order), std::generic_category());
    say_in_pipe(pipe, "start " + start.order.arguments[0] + ": " + why.message());
    ::_exit(why.value() == ENOENT ? kNoSuchProgram : kCannotStart);
  } catch (const std::exception& error) {
    say_in_pipe(pipe, error.what());
    ::_exit(kCannotStart);
  }
}

void say_in_pipe(int pipe, std::string_view line) {
  const std::string bytes = "glimpse: " + std::string(line) + '\n';
  // Nobody is left to be told of a failure.
  static_cast<void>(::write(pipe, bytes.data(), bytes.size()) < 0);
}

void signal_program(pid_t program, int number) {
  if (::kill(-program, number) != 0) {
    ::kill(program, number);
  }
}

}  // namespace glimpse::launcher
