#pragma once

// `glimpse merge`: takes the records of other results folders into this one. Repeating it changes
// nothing.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct MergeOptions {
  CommonOptions common;
  OutputOptions output;
  std::vector<std::string> sources;  // results folders or databases
  bool is_dry_run = false;
};

int merge(const MergeOptions& options, Env& env);

}  // namespace glimpse::launcher
