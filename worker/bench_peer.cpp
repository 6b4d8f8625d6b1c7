#include "worker/bench_peer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/units.h"
#include "storage/storage_error.h"
#include "worker/exec.h"
#include "worker/train_error.h"

namespace glimpse::worker {
namespace {

using experiments::FaultClass;
using storage::FileDescriptor;
using Clock = std::chrono::steady_clock;

// As worker/nn/tensor_memory.h sets them for us: no block mapped by itself, a heap that never
// shrinks.
constexpr std::array<const char*, 4> kVariables = {"OMP_NUM_THREADS=1",
                                                   "MKL_NUM_THREADS=1",
                                                   "MALLOC_MMAP_MAX_=0",
                                                   "MALLOC_TRIM_THRESHOLD_=2147483647"};

constexpr int kNotStarted = 127;  // what a shell says

void check(int error, const char* what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

FileDescriptor make_memory_file() {
  const int number = ::memfd_create("glimpse-bench", MFD_CLOEXEC);
  check(number < 0 ? errno : 0, "make a file in memory");
  return FileDescriptor(number);
}

std::vector<std::string> make_environment() {
  std::vector<std::string> variables(kVariables.begin(), kVariables.end());
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    if (std::ranges::none_of(kVariables,
                             [&](std::string_view ours) { return ours.starts_with(name); })) {
      variables.emplace_back(text);
    }
  }
  return variables;
}

// In the child, where only calls are allowed that are safe after a fork.
[[noreturn]] void become(char* const* arguments,
                         char* const* environment,
                         const std::array<int, 3>& standard,
                         pid_t parent) {
  die_with_parent(parent);
  for (int place = 0; place < 3; ++place) {
    ::dup2(standard.at(static_cast<std::size_t>(place)), place);
  }
  ::execvpe(arguments[0], arguments, environment);
  const char* const why = ::strerrordesc_np(errno);
  static_cast<void>(::write(STDERR_FILENO, why, std::strlen(why)) == 0);
  ::_exit(kNotStarted);
}

// What a stranger said, fit for one line of a terminal.
std::string quote(std::string_view text) {
  constexpr std::size_t kMost = 160;
  std::string shown(text.substr(0, kMost));
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text.size() > kMost ? shown + "..." : shown;
}

// Where Python names the exception.
std::string last_line(int file) {
  constexpr off_t kTail = 4096;
  const off_t size = ::lseek(file, 0, SEEK_END);
  std::string text(kTail, '\0');
  const ssize_t got = ::pread(file, text.data(), text.size(), std::max<off_t>(0, size - kTail));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  text.resize(text.find_last_not_of(" \r\n") + 1);
  return text.substr(text.find_last_of('\n') + 1);
}

// Its output has ended, so it is about to; but it may live on without.
int reap(pid_t process) {
  constexpr std::chrono::milliseconds kNap(5);
  constexpr int kNaps = 400;
  int status = 0;
  for (int nap = 0; nap < kNaps; ++nap) {
    if (::waitpid(process, &status, WNOHANG) != 0) {
      return status;
    }
    std::this_thread::sleep_for(kNap);
  }
  ::kill(process, SIGKILL);
  ::waitpid(process, &status, 0);
  return status;
}

std::string render_end(int status) {
  return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                             : "code " + std::to_string(WEXITSTATUS(status));
}

std::optional<double> parse_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  // Beyond a year, and where it is no number, it is no time that a round took.
  constexpr double kYear = 3.2e7;
  return is_whole && seconds > 0 && seconds < kYear ? std::optional(seconds) : std::nullopt;
}

std::optional<Spent> parse_answer(std::string_view line) {
  const std::size_t gap = line.find(' ');
  const auto cpu_s = parse_seconds(line.substr(0, gap));
  const auto wall_s =
      gap == std::string_view::npos ? std::nullopt : parse_seconds(line.substr(gap + 1));
  return cpu_s && wall_s ? std::optional(Spent{.wall_s = *wall_s, .cpu_s = *cpu_s}) : std::nullopt;
}

}  // namespace

BenchPeer::BenchPeer(const PeerOptions& options, const std::vector<std::string>& arguments)
    : options_(options), errors_(make_memory_file()) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(options.script, none)) {
    throw storage::StorageError(
        storage::StorageFault::kMissing,
        options.script,
        "compare with " + options.script.string() + ": there is no such file");
  }
  start(arguments);
  // Ours would keep the pipes from ever ending.
  to_script_.reading = FileDescriptor();
  from_script_.writing = FileDescriptor();
}

BenchPeer::~BenchPeer() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

void BenchPeer::start(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {options_.python, options_.script.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::vector<std::string> variables = make_environment();
  const std::vector<char*> argv = argument_pointers(words);
  const std::vector<char*> envp = argument_pointers(variables);
  const std::array standard = {to_script_.reading.get(), from_script_.writing.get(), errors_.get()};
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) {
    become(argv.data(), envp.data(), standard, parent);
  }
  check(process_ < 0 ? errno : 0, "start a script");
}

std::optional<std::string> BenchPeer::wait_until_ready() {
  constexpr std::string_view kUnavailable = "unavailable: ";
  const std::string line = next_line("\"ready\"");
  if (line.starts_with(kUnavailable)) {
    return quote(std::string_view(line).substr(kUnavailable.size()));
  }
  if (line != "ready") {
    complain(FaultClass::kProtocol, "it said '" + quote(line) + "' where \"ready\" was due");
  }
  return std::nullopt;
}

Spent BenchPeer::run(int steps) {
  try {
    rounds_.write("round " + std::to_string(steps));
  } catch (const std::system_error&) {
    // It has gone; how, its end tells.
  }
  const std::string line = next_line("an answer");
  if (const auto spent = parse_answer(line)) {
    return *spent;
  }
  complain(FaultClass::kProtocol,
           "it said '" + quote(line) + "' where two numbers of seconds were due");
}

std::string BenchPeer::next_line(const std::string& due) {
  const auto deadline = Clock::now() + std::chrono::ceil<std::chrono::milliseconds>(
                                           std::chrono::duration<double>(options_.patience_s));
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const LineEvent event = answers_.next(std::max(left, std::chrono::milliseconds(0)));
    switch (event.kind) {
      case LineEvent::Kind::kLine:
        return event.text;
      case LineEvent::Kind::kTooLong:
        complain(FaultClass::kProtocol, "it said a line without end where " + due + " was due");
      case LineEvent::Kind::kEnd:
        complain_end();
      case LineEvent::Kind::kNothing:
        break;
    }
    if (Clock::now() >= deadline) {
      complain(FaultClass::kHung,
               "it was silent for " + experiments::render_duration(options_.patience_s) +
                   " where " + due + " was due (give it more with --patience)");
    }
  }
}

void BenchPeer::complain(FaultClass fault, const std::string& what) const {
  throw TrainError(fault, "compare with " + options_.script.string() + ": " + what);
}

void BenchPeer::complain_end() {
  const int status = reap(std::exchange(process_, -1));
  complain(FaultClass::kExitCode,
           options_.python + " ended with " + render_end(status) + ": " +
               quote(last_line(errors_.get())) + " (--python names one with PyTorch)");
}

}  // namespace glimpse::worker
