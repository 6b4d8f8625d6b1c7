#pragma once

// The whole program as a function: arguments and streams in, exit code out. Catches everything.

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "launcher/environment.h"
#include "launcher/transport/lone_world.h"

namespace glimpse::launcher {

struct ProgramInput {
  std::vector<std::string> arguments;  // without the program's name
  Environment environment;
  Terminal terminal;
  std::filesystem::path program_dir;
  // The two sides of transport/open_world.h.
  bool speaks_mpi = false;
  std::function<std::unique_ptr<World>()> open_world = [] { return std::make_unique<LoneWorld>(); };
};

int run_glimpse(const ProgramInput& input, std::ostream& out, std::ostream& err);

}  // namespace glimpse::launcher
