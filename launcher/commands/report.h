#pragma once

// `glimpse report`: a study's table and all that stands behind it, as a file to send or to print.

#include <cstdint>
#include <string>

#include "launcher/env.h"

namespace glimpse::launcher {

struct ReportOptions {
  CommonOptions common;
  std::string study;
  std::string format;  // "": by the file's name
  std::string file;  // "": a page in the results folder, or stdout for a format that was asked for
  std::string checked;  // a report made earlier
  std::uint64_t gallery_limit = 60;
};

int report(const ReportOptions& options, Env& env);

}  // namespace glimpse::launcher
