#pragma once

// `glimpse compare`: runs, or studies, side by side: by what they differ, and what that comes to.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct CompareOptions {
  CommonOptions common;
  OutputOptions output;
  std::vector<std::string> sides;  // two to six runs, or as many studies
  std::string file;                // "": to stdout
};

int compare(const CompareOptions& options, Env& env);

}  // namespace glimpse::launcher
