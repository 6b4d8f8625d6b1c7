#pragma once

// The environment of a process that we start, made from our own. Pure.

#include <string>
#include <vector>

namespace glimpse::launcher {

// `ours` without what says which rank of an MPI job or of a Slurm step we are, for a program that
// finds it takes itself for that rank and waits for the others; Slurm's variables of the whole job
// stay. What an attempt is told goes too, should we run within one. Then `added`, "NAME=value",
// each in place of one of the same name.
[[nodiscard]] std::vector<std::string> child_environment(const std::vector<std::string>& ours,
                                                         const std::vector<std::string>& added);

}  // namespace glimpse::launcher
