#pragma once

// `glimpse status`: how far the studies of a results folder are, and what runs now; once, or again
// and again until nothing is left to run.

#include <optional>
#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct StatusOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;  // empty: all of them
  bool watches = false;
  // What stands behind -w: seconds between two looks, or already the study.
  std::optional<std::string> every = {};
};

int status(const StatusOptions& options, Env& env);

}  // namespace glimpse::launcher
