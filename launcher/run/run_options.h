#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct RunOptions {
  CommonOptions common;
  OutputOptions output;
  std::string study;
  std::vector<std::string> overrides;
  int slots = 0;                       // of each rank; 0: its cores
  std::optional<std::string> retried;  // failed trials of this class are tried again; "": of all
  std::string until;                   // when the machine is taken away
  std::string stage;                   // folder for copies of datasets; "": originals are read
  std::string on_finish;               // a line of shell
};

}  // namespace glimpse::launcher
