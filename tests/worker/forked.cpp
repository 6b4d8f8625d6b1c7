#include "tests/worker/forked.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace glimpse::tests {

Pipe::Pipe() {
  if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make a pipe");
  }
}

Pipe::~Pipe() {
  close_reading_end();
  close_writing_end();
}

void Pipe::close_end(std::size_t index) {
  if (ends_.at(index) >= 0) {
    ::close(ends_.at(index));
    ends_.at(index) = -1;
  }
}

void Pipe::put(const std::string& text) const {
  if (::write(writing_end(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot write into a pipe");
  }
}

std::string Pipe::read_to_end() const {
  std::string text;
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t got = ::read(reading_end(), block.data(), block.size());
    if (got > 0) {
      text.append(block.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

Forked::Forked(const std::function<void()>& run) : pid_(::fork()) {
  if (pid_ < 0) {
    throw std::runtime_error("cannot fork");
  }
  if (pid_ == 0) {
    ::alarm(50);  // not even a failed test leaves it behind
    try {
      run();
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
}

Forked::~Forked() {
  if (pid_ > 0) {
    kill();
    wait();
  }
}

void Forked::kill() {
  ::kill(pid_, SIGKILL);
}

int Forked::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) {
      throw std::runtime_error("lost a child");
    }
  }
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace glimpse::tests
