#pragma once

// The values a parameter may take: a list, or a range with a distribution. Pure functions; a draw
// is a function of the stream it is given.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/philox.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// What a range that is not for whole numbers is told where only those fit.
inline constexpr std::string_view kWantsWholeNumbers =
    "takes whole numbers only: use the distribution \"int_uniform\"";

// Says why nothing can be drawn from this range; nothing if it is sound.
std::optional<std::string> range_problem(const Range& range);

// A list, or a range of whole numbers.
bool is_discrete(const Space& space);
// How many values a discrete space has.
std::uint64_t space_size(const Space& space);
// All values of a discrete space, in order; the caller has looked at space_size().
std::vector<Value> expand(const Space& space);
bool contains(const Space& space, const Value& value);

// Real numbers are rounded to nine significant digits: they pass through the C library's logarithm
// and exponential, whose last bits differ between machines, and a rounded number has the same key
// everywhere (but for about one draw in ten million that falls on the edge between two of them).
Value draw(const Space& space, RandomStream& stream);

}  // namespace glimpse::experiments
