#pragma once

// The whole program as a function: arguments and streams in, exit code out. Catches everything.

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "launcher/environment.h"

namespace glimpse::launcher {

struct ProgramInput {
  std::vector<std::string> arguments;  // without the program's name
  Environment environment;
  Terminal terminal;
  std::filesystem::path program_dir;
};

int run_glimpse(const ProgramInput& input, std::ostream& out, std::ostream& err);

}  // namespace glimpse::launcher
