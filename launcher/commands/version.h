#pragma once

// `glimpse version`: what this program was built from, and the libraries it runs with.

#include "launcher/env.h"

namespace glimpse::launcher {

struct VersionOptions {
  CommonOptions common;
  bool is_json = false;
};

int version(const VersionOptions& options, Env& env);

}  // namespace glimpse::launcher
