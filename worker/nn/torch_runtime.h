#pragma once

// LibTorch as this process uses it: how many threads it may have, and what its errors mean.

#include <exception>
#include <optional>

#include "experiments/faults.h"

namespace glimpse::worker {

// Before anything else of LibTorch. With one thread a run repeats itself bit for bit; another
// number gives other bits. On a GPU its libraries are told to repeat themselves, too.
void prepare_torch(int threads);

// Nothing for errors that are not LibTorch's.
std::optional<experiments::FaultClass> classify_torch(const std::exception& error);

}  // namespace glimpse::worker
