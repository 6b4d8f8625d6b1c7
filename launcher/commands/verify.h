#pragma once

// `glimpse verify`: checks every hash of a results folder and names what is damaged.

#include "launcher/env.h"

namespace glimpse::launcher {

struct VerifyOptions {
  CommonOptions common;
  OutputOptions output;
  bool is_rebuild = false;  // makes the database again instead
};

int verify(const VerifyOptions& options, Env& env);

}  // namespace glimpse::launcher
