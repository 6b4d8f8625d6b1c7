#pragma once

// What an exception means for whoever started the program: one line for each thing that is wrong,
// and the exit code.

#include <exception>
#include <ostream>
#include <string>
#include <vector>

#include "experiments/faults.h"

namespace glimpse::launcher {

struct Failure {
  experiments::ExitCode code = experiments::ExitCode::kFailure;
  std::vector<std::string> lines;
  bool has_places = false;  // the lines begin with where in which file
};

Failure explain(const std::exception& error);

// Gives the exit code.
int print_failure(const Failure& failure, std::ostream& err);

}  // namespace glimpse::launcher
