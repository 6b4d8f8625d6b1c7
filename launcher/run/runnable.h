#pragma once

// What this build can run, and with which of its programs.

#include <filesystem>

#include "experiments/study.h"
#include "launcher/env.h"

namespace glimpse::launcher {

bool uses_gpus(const experiments::Study& study);

// Our own trainer, for such a study.
std::filesystem::path worker_program(const experiments::Study& study, const Env& env);

// Throws UsageError or StorageError, which say what to do.
void check_runnable(const experiments::Study& study, const Env& env);

}  // namespace glimpse::launcher
