#pragma once

// `glimpse submit`: has a study run without staying for it, by the coordinator that runs already or
// by one that is started in the background.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct SubmitOptions {
  CommonOptions common;
  std::string study;
  std::vector<std::string> overrides;
  bool is_dry_run = false;
};

int submit(const SubmitOptions& options, Env& env);

}  // namespace glimpse::launcher
