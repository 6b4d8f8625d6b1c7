#pragma once

// `glimpse verify --rebuild`: a new database for a results folder, from everything else in it.

#include "launcher/commands/verify.h"

namespace glimpse::launcher {

int rebuild(const VerifyOptions& options, Env& env);

}  // namespace glimpse::launcher
