#pragma once

// The seam between `glimpse` and `glimpse-mpi`, which are otherwise the same: each links its own
// definitions of what stands here, and main passes them on.

#include <memory>

#include "launcher/transport/world.h"

namespace glimpse::launcher {

// Whether this program can be one of several ranks.
bool speaks_mpi();

// Called at most once in a process, by the thread that uses it, and after everything was forked
// that is not to have MPI in it. Throws LaunchError.
std::unique_ptr<World> open_world();

}  // namespace glimpse::launcher
