#pragma once

// What the program says to the person at the terminal: stderr, never stdout. Control characters in
// a message are shown, not obeyed. Any thread may call it.

#include <memory>
#include <ostream>
#include <string_view>

namespace glimpse::launcher {

enum class Verbosity { kQuiet, kNormal, kVerbose };

class Log {
 public:
  // The stream must outlive the log. Quiet leaves warnings and errors.
  Log(std::ostream& err, Verbosity verbosity, bool has_colour);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  Log(Log&&) = delete;
  Log& operator=(Log&&) = delete;

  void debug(std::string_view message);
  void info(std::string_view message);
  void warn(std::string_view message);
  void error(std::string_view message);

  [[nodiscard]] bool is_quiet() const { return verbosity_ == Verbosity::kQuiet; }

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
  Verbosity verbosity_;
};

}  // namespace glimpse::launcher
