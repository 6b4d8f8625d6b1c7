#pragma once

// `glimpse report`: a study's table and all that stands behind it, as a file to send or to print.

#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ReportOptions {
  CommonOptions common;
  std::string study;
  std::string format;   // "" : by the file's name, else md
  std::string file;     // "" : stdout
  std::string checked;  // a report made earlier
};

int report(const ReportOptions& options, Env& env);

}  // namespace glimpse::launcher
