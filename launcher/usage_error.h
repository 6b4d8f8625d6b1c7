#pragma once

// Something on the command line that the parser could not know to be wrong: a study nobody has
// heard of, a parameter that the SQL does not name.

#include <stdexcept>
#include <string>

namespace glimpse::launcher {

class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace glimpse::launcher
