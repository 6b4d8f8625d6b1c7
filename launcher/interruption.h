#pragma once

// Ctrl-C and kill while something half made lies on the disk. As long as an Interruption lives,
// SIGINT and SIGTERM wait, and those with which batch systems say that time is up (SIGUSR1,
// SIGUSR2); the work asks at every point where it can stop, and unwinds. A signal that comes after
// that acts as ever once the object is gone. Signals that were ignored before stay so: a shell has
// its background jobs ignore SIGINT.
//
// Made by the main thread before it starts others, which inherit what is held back. Within another
// one it takes that one's signals.

#include <stdexcept>
#include <string>

#include <signal.h>

namespace glimpse::launcher {

class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(const std::string& what) : std::runtime_error(what) {}
};

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  Interruption(Interruption&&) = delete;
  Interruption& operator=(Interruption&&) = delete;

  // Throws Interrupted once a signal has come.
  void check() const;
  // Whether one more has come since the last question.
  [[nodiscard]] bool take() const { return next() > 0; }

 private:
  [[nodiscard]] int next() const;

  sigset_t held_{};
  sigset_t before_{};
};

}  // namespace glimpse::launcher
