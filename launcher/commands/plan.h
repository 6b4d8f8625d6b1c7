#pragma once

// `glimpse plan`: what a study would run, and what of it is there already. Reads only.

#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct PlanOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;
  std::vector<std::string> overrides;
  bool shows_resolved = false;
  bool shows_trials = false;
  bool rehearses = false;
  int nodes = 1;         // of the rehearsal
  int slots = 1;         // of each node
  std::string timeline;  // file for the rehearsal's picture; empty: none
  double gflops = 0;  // per device, for the estimate of time; 0: the default of the device's kind
};

int plan(const PlanOptions& options, Env& env);

}  // namespace glimpse::launcher
