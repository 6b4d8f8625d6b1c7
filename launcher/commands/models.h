#pragma once

// `glimpse models`: the built-in models, their sizes and what they can be told.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ModelsOptions {
  CommonOptions common;
  OutputOptions output;
  std::string name;  // empty: all of them
};

int models(const ModelsOptions& options, Env& env);

}  // namespace glimpse::launcher
