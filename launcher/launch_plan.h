#pragma once

// Whether this process is one of several, as far as its environment tells, and what it does about
// it. MPI itself is not asked before everything is forked that is to be without it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/environment.h"

namespace glimpse::launcher {

// How many processes the launcher says it started together; 1 where none says anything.
int ranks_started(const LaunchVariables& launch);
// What srun alone says.
int ranks_of_srun(const LaunchVariables& launch);

enum class LaunchPlan { kStay, kBecomeMpi };

// Of a verb that uses many ranks, `glimpse` itself knows no MPI: glimpse-mpi takes its place.
// Throws LaunchError where that has not helped.
LaunchPlan plan_launch(std::string_view verb, const LaunchVariables& launch, bool speaks_mpi);

// This process goes on as the glimpse-mpi of that folder. Returns only by throwing LaunchError.
[[noreturn]] void become_mpi_program(const std::filesystem::path& folder,
                                     const std::vector<std::string>& arguments,
                                     const LaunchVariables& launch);

}  // namespace glimpse::launcher
