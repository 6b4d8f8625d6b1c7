#pragma once

// Spreads independent work over a few threads. What comes out must not depend on who did which
// part, so the work gets ranges of indices and nothing else.

#include <cstddef>
#include <functional>

namespace glimpse::experiments {

using RangeWork = std::function<void(std::size_t begin, std::size_t end)>;

// Calls `work` with ranges that cover 0..count once. Returns when all are done; the first exception
// is thrown again here, and ranges not begun by then are left out. One thread: no thread is
// started.
void run_in_parallel(std::size_t count, int threads, const RangeWork& work);

}  // namespace glimpse::experiments
