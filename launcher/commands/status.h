#pragma once

// `glimpse status`: how far the studies of a results folder are.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct StatusOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;  // empty: all of them
};

int status(const StatusOptions& options, Env& env);

}  // namespace glimpse::launcher
