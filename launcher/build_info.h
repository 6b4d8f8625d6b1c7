#pragma once

// What this program was built from; written by CMake.

#include <string>

namespace glimpse::launcher {

struct BuildInfo {
  std::string version;
  std::string commit;  // "unknown" outside a git checkout; "+changes" marks a dirty one
  std::string compiler;
  std::string build_type;
};

BuildInfo build_info();

}  // namespace glimpse::launcher
