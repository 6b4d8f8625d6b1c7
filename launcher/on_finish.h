#pragma once

// What a person wants done when a study is over: mail, a message, the next job of a chain.

#include <filesystem>
#include <string>
#include <vector>

#include "launcher/log/log.h"

namespace glimpse::launcher {

struct FinishedRun {
  std::string study = {};
  std::filesystem::path results = {};
  int exit = 0;  // what the run is about to end with
};

// The program and its arguments: a shell that gets the command as it was typed, and in its
// environment GLIMPSE_STUDY, GLIMPSE_RESULTS (from the root) and GLIMPSE_EXIT.
std::vector<std::string> on_finish_arguments(const std::string& command, const FinishedRun& run);

// Waits for it; what it prints goes to stderr. That it fails is a warning and changes nothing else.
// Called when no signal is held back any more, or Ctrl-C would not reach the command.
void run_on_finish(const std::string& command, const FinishedRun& run, Log& log);

}  // namespace glimpse::launcher
