#pragma once

// `glimpse reproduce`: a shipped table from nothing to its report, in one command that may be cut
// off and started again.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ReproduceOptions {
  CommonOptions common;
  std::string table;
  std::string preset = "full";  // smoke, quick or full
  std::vector<std::string> overrides;
  bool fetches = false;
  std::string budget;  // a duration; empty: as long as it takes
  int slots = 0;       // 0: as many as there are cores
};

int reproduce(const ReproduceOptions& options, Env& env);

}  // namespace glimpse::launcher
