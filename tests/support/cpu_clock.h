#pragma once

// Seconds of processor time that this process has used: what a busy machine does not stretch.

#include <ctime>

namespace glimpse::tests {

inline double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace glimpse::tests
