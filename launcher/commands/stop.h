#pragma once

// `glimpse stop`: asks the coordinator of a results folder, on whichever host it runs, to end
// studies, runs or everything.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct StopOptions {
  CommonOptions common;
  std::vector<std::string> targets;  // names of studies and starts of run ids
  bool is_all = false;
  bool is_now = false;
  bool waits = false;
};

int stop(const StopOptions& options, Env& env);

}  // namespace glimpse::launcher
