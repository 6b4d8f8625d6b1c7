#pragma once

// What a program's last words say of its end, where its exit code says nothing. A study's own
// patterns come before the table's. Pure; patterns are ECMAScript regular expressions.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "experiments/faults.h"
#include "experiments/study.h"

namespace glimpse::experiments {

struct LogPatternRow {
  std::string_view pattern;
  FaultClass fault;
};

std::span<const LogPatternRow> log_pattern_rows();

// Of the last line that fits any pattern.
std::optional<FaultClass> classify_log(std::span<const std::string> lines,
                                       std::span<const LogPattern> own);

}  // namespace glimpse::experiments
