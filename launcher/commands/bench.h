#pragma once

// `glimpse bench scheduler`: what a sweep costs besides its trials.

#include <cstdint>

#include "launcher/env.h"

namespace glimpse::launcher {

struct BenchSchedulerOptions {
  CommonOptions common;
  OutputOptions output;
  std::int64_t trials = 20'000;   // without processes
  std::int64_t rows = 1'000'000;  // of metrics, in thousands
  std::int64_t processes = 2000;
  std::int64_t naps = 40;
};

int bench_scheduler(const BenchSchedulerOptions& options, Env& env);

}  // namespace glimpse::launcher
