#pragma once

// How large a plan may be. Larger spaces are what method "random" is for.

#include <cstdint>

namespace glimpse::experiments {

inline constexpr std::uint64_t kMaxConfigurations = 10'000'000;
inline constexpr std::uint64_t kMaxTrials = 10'000'000;
// Values in the plan's table: half a gigabyte of small numbers.
inline constexpr std::uint64_t kMaxCells = std::uint64_t{1} << 27;
// Different values of all parameters together, each of which may be a text.
inline constexpr std::uint64_t kMaxValues = std::uint64_t{1} << 22;
// Every configuration is held against every condition and every pair of every exclude.
inline constexpr std::uint64_t kMaxComparisons = std::uint64_t{1} << 29;
inline constexpr std::uint64_t kMaxExcludes = 1000;
inline constexpr std::uint64_t kMaxParameters = 256;

}  // namespace glimpse::experiments
