#pragma once

// A value table: a million configurations as rows of small numbers into lists of values. A map each
// would take a gigabyte.

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/value.h"

namespace glimpse::experiments {

// One column: a name and every value it takes somewhere.
struct PlanColumn {
  std::string name;
  std::vector<Value> values;  // distinct
};

inline constexpr std::uint32_t kAbsent = UINT32_MAX;  // the parameter has no meaning there

}  // namespace glimpse::experiments
