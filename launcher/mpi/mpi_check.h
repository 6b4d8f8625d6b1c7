#pragma once

// Every call of MPI passes through here.

#include <string>

namespace glimpse::launcher {

// `what` says what was tried. Throws LaunchError with MPI's own words.
void check(int code, const std::string& what);

}  // namespace glimpse::launcher
