#pragma once

// A child that runs a function of the test and a pipe to talk over, both gone with their objects.
// Tests of this folder start no thread before they fork.

#include <array>
#include <cstddef>
#include <functional>
#include <string>

#include <sys/types.h>

namespace glimpse::tests {

class Pipe {
 public:
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  Pipe(Pipe&&) = delete;
  Pipe& operator=(Pipe&&) = delete;

  [[nodiscard]] int reading_end() const { return ends_[0]; }
  [[nodiscard]] int writing_end() const { return ends_[1]; }
  void close_reading_end() { close_end(0); }
  void close_writing_end() { close_end(1); }

  void put(const std::string& text) const;
  // Waits until the other end is closed everywhere.
  [[nodiscard]] std::string read_to_end() const;

 private:
  void close_end(std::size_t index);

  std::array<int, 2> ends_{-1, -1};
};

class Forked {
 public:
  // The child exits with 0 when `run` returns and with 1 when it throws. It must not use
  // GoogleTest.
  explicit Forked(const std::function<void()>& run);
  ~Forked();
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;
  Forked(Forked&&) = delete;
  Forked& operator=(Forked&&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void kill();
  // Exit code, or 128 + the signal that ended it.
  int wait();

 private:
  pid_t pid_ = -1;
};

}  // namespace glimpse::tests
