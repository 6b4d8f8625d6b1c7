#pragma once

// What ends a whole launch: ranks that do not fit together, a transport that broke, a message that
// is none. The code is what the program exits with.

#include <stdexcept>
#include <string>

#include "experiments/faults.h"

namespace glimpse::launcher {

class LaunchError : public std::runtime_error {
 public:
  LaunchError(experiments::ExitCode code, const std::string& what)
      : std::runtime_error(what), code_(code) {}

  [[nodiscard]] experiments::ExitCode code() const { return code_; }

 private:
  experiments::ExitCode code_;
};

}  // namespace glimpse::launcher
