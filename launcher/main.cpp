#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "launcher/environment.h"
#include "launcher/program.h"
#include "launcher/transport/open_world.h"

int main(int argc, char** argv) {
  using glimpse::launcher::ProgramInput;
  // `glimpse plan | head` ends quietly, also where a parent has this signal ignored.
  std::signal(SIGPIPE, SIG_DFL);
  std::ios::sync_with_stdio(false);
  ProgramInput input;
  input.arguments.assign(argv + (argc > 0 ? 1 : 0), argv + argc);
  input.environment = glimpse::launcher::read_environment();
  input.terminal = glimpse::launcher::read_terminal(input.environment);
  std::error_code ignored;
  input.program_dir = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  input.speaks_mpi = glimpse::launcher::speaks_mpi();
  input.open_world = glimpse::launcher::open_world;
  return glimpse::launcher::run_glimpse(input, std::cout, std::cerr);
}
