#pragma once

// `glimpse replay`: trains a run again and compares the hash of its weights after every epoch.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ReplayOptions {
  CommonOptions common;
  OutputOptions output;
  std::string run;       // any unique start of a run id
  int epochs = 0;        // compares the first ones alone; 0: all
  std::string dataset;   // its file; empty: the one in the results folder
  std::string keep_dir;  // what was trained stays there; empty: it goes
};

int replay(const ReplayOptions& options, Env& env);

}  // namespace glimpse::launcher
