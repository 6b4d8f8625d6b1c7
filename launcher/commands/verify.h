#pragma once

// `glimpse verify`: checks every hash of a results folder and names what is damaged.

#include "launcher/env.h"

namespace glimpse::launcher {

struct VerifyOptions {
  CommonOptions common;
  OutputOptions output;
};

int verify(const VerifyOptions& options, Env& env);

}  // namespace glimpse::launcher
