#pragma once

// The first rank's part of a run, from the lock of the results folder to its release.

#include "launcher/run/part.h"

namespace glimpse::launcher {

// Gives the exit code of the whole run.
int lead(const Part& part);

}  // namespace glimpse::launcher
