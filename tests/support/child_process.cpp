#include "tests/support/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace glimpse::tests {
namespace {

std::vector<std::string> make_environment(const std::vector<std::string>& variables) {
  const auto name_of = [](std::string_view variable) {
    return variable.substr(0, variable.find('='));
  };
  std::vector<std::string> environment = variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool is_replaced = std::ranges::any_of(
        variables, [&](const std::string& ours) { return name_of(ours) == name_of(*entry); });
    if (!is_replaced) {
      environment.emplace_back(*entry);
    }
  }
  return environment;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make a pipe");
  }
  return ends;
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> command,
                           const std::vector<std::string>& variables) {
  std::vector<std::string> environment = make_environment(variables);
  // Everything is allocated before the fork; the child only calls what is safe after one.
  const std::vector<char*> arguments = pointers_to(command);
  const std::vector<char*> entries = pointers_to(environment);
  const auto input = make_pipe();
  const auto output = make_pipe();
  pid_ = ::fork();
  if (pid_ < 0) {
    throw std::runtime_error("cannot start " + command.at(0));
  }
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input[0], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(output[1], STDERR_FILENO);
    ::execve(arguments[0], arguments.data(), entries.data());
    ::_exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  output_ = output[0];
}

ChildProcess::~ChildProcess() {
  close_input();
  ::close(output_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void ChildProcess::write(const std::string& text) const {
  if (::write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot write to a child");
  }
}

void ChildProcess::close_input() {
  if (input_ >= 0) {
    ::close(input_);
    input_ = -1;
  }
}

std::string ChildProcess::read_line() {
  std::array<char, 4096> block{};
  while (true) {
    const std::size_t newline = unread_.find('\n');
    if (newline != std::string::npos) {
      std::string line = unread_.substr(0, newline);
      unread_.erase(0, newline + 1);
      return line;
    }
    const ssize_t count = ::read(output_, block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return std::exchange(unread_, {});
    }
    unread_.append(block.data(), static_cast<std::size_t>(count));
  }
}

std::string ChildProcess::read_to_end() {
  std::string text = std::exchange(unread_, {});
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t count = ::read(output_, block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

void ChildProcess::send_signal(int signal) const {
  if (pid_ <= 0 || ::kill(pid_, signal) != 0) {
    throw std::runtime_error("cannot signal a child");
  }
}

ChildEnd ChildProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) {
      throw std::runtime_error("lost a child");
    }
  }
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

}  // namespace glimpse::tests
