#pragma once

// `glimpse models`: the built-in models, their sizes and what they can be told.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ModelsOptions {
  CommonOptions common;
  OutputOptions output;
  std::string name;  // empty: all of them
};

// Of the built-in models, in the order of their table.
std::vector<std::string> model_names();

int models(const ModelsOptions& options, Env& env);

}  // namespace glimpse::launcher
