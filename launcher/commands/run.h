#pragma once

// `glimpse run`: everything from a study to its results on this machine. Run again, it does what is
// left.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct RunOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;
  std::vector<std::string> overrides;
  int slots = 0;  // trials at a time; 0: as many as cores allow
};

int run(const RunOptions& options, Env& env);

}  // namespace glimpse::launcher
