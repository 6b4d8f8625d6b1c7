#pragma once

// `glimpse query`: SQL over the results, read-only and within limits.

#include <cstdint>
#include <string>
#include <vector>

#include "launcher/env.h"

namespace glimpse::launcher {

struct QueryOptions {
  CommonOptions common;
  OutputOptions output;
  std::string sql;
  std::vector<std::string> parameters;  // "name=value"
  std::string wide;                     // a study whose parameters become columns
  std::uint64_t max_rows = 100'000;
  double time_limit_s = 60;
};

int query(const QueryOptions& options, Env& env);

}  // namespace glimpse::launcher
