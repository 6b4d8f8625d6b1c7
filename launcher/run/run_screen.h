#pragma once

// What a person sees of a run: on a terminal a few lines that are drawn anew in place, below what
// is told line by line; elsewhere a line every half minute. One thread.

#include <functional>
#include <string>

#include "launcher/env.h"
#include "launcher/run/run_status.h"

namespace glimpse::launcher {

class RunScreen {
 public:
  explicit RunScreen(Env& env);
  // Leaves a clean line behind.
  ~RunScreen();
  RunScreen(const RunScreen&) = delete;
  RunScreen& operator=(const RunScreen&) = delete;
  RunScreen(RunScreen&&) = delete;
  RunScreen& operator=(RunScreen&&) = delete;

  // Asks for the status only when it is time to show it.
  void tick(const std::function<RunStatus()>& status);
  void info(const std::string& line);
  void warn(const std::string& line);

 private:
  void clear();
  void draw(const RunStatus& status);

  Env& env_;
  bool is_live_;
  double shown_s_;
  std::size_t drawn_ = 0;  // lines on the screen that are ours
};

}  // namespace glimpse::launcher
