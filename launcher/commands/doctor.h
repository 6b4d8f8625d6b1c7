#pragma once

// `glimpse doctor`: is this machine ready? One line per check, with the fix.

#include "launcher/env.h"

namespace glimpse::launcher {

struct DoctorOptions {
  CommonOptions common;
  OutputOptions output;
};

int doctor(const DoctorOptions& options, Env& env);

}  // namespace glimpse::launcher
