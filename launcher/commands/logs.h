#pragma once

// `glimpse logs`: what the process of a run printed.

#include <cstdint>
#include <optional>
#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct LogsOptions {
  CommonOptions common;
  std::string run;                      // any unique start of its id
  std::optional<std::int64_t> attempt;  // nothing: the newest
  std::optional<std::int64_t> lines;    // the last so many; nothing: all
  bool follows = false;
};

int logs(const LogsOptions& options, Env& env);

}  // namespace glimpse::launcher
