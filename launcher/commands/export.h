#pragma once

// `glimpse export`: a study's results in the formats of other tools.

#include <cstdint>
#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ExportOptions {
  CommonOptions common;
  std::string format;  // tensorboard, optuna, csv or hdf5
  std::string study;
  std::string out;
  std::uint64_t top = 0;  // only so many of the best runs; 0: all
};

int export_study(const ExportOptions& options, Env& env);

}  // namespace glimpse::launcher
