#pragma once

// `glimpse gc`: takes away what finished attempts left and nothing needs any more.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct GcOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;  // empty: all of them
  bool is_dry_run = false;
  bool is_sure = false;
};

int gc(const GcOptions& options, Env& env);

}  // namespace glimpse::launcher
