#pragma once

// `glimpse show`: all that is known of one run or one study.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ShowOptions {
  CommonOptions common;
  OutputOptions output;
  std::string target;  // any unique prefix of a run id, or a study
};

int show(const ShowOptions& options, Env& env);

}  // namespace glimpse::launcher
