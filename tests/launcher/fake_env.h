#pragma once

// An Env without a terminal, whose streams are strings and whose clock stands until it is told.

#include <sstream>
#include <string>

#include "launcher/env.h"

namespace glimpse::tests {

struct FakeEnv {
  std::ostringstream out;
  std::ostringstream err;
  launcher::Environment environment;
  launcher::Log log{err, launcher::Verbosity::kNormal, false};
  double now_s = 0;
  launcher::Env env{.out = out,
                    .err = err,
                    .log = log,
                    .environment = environment,
                    .settings = {},
                    .terminal = {},
                    .has_colour = false,
                    .shows_progress = true,
                    .program_dir = {},
                    .now_s = [this] { return now_s; },
                    .clock_ms = [] { return std::int64_t{1}; }};
};

}  // namespace glimpse::tests
