#pragma once

// The processor cores that this process may use, which on a shared machine are not all of them, and
// the machine's memory.

#include <cstdint>

namespace glimpse::launcher {

int available_cores();
// The number by which the kernel knows the n-th of them, from 0.
int nth_core(int n);

std::uint64_t physical_memory();

}  // namespace glimpse::launcher
