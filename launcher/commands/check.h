#pragma once

// `glimpse check`: what each cell of a study's table says of the published figure, as an exit code.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct CheckOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;
  bool runs_missing = false;
  std::string budget;  // of --run-missing, as a duration; empty: no end
};

int check(const CheckOptions& options, Env& env);

}  // namespace glimpse::launcher
