#pragma once

// Durations ("90s", "10m", "8h", "2d") and sizes ("16GiB") as people write them in a study and on
// the command line. A bare number is not accepted: nobody can tell seconds from minutes later on.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace glimpse::experiments {

// Seconds. Nothing for text without a unit, with a sign, or of more than 100 years.
std::optional<double> parse_duration(std::string_view text);
// The largest unit that needs no fraction; always reads back as the same number of seconds.
std::string render_duration(double seconds);

// Bytes, from a whole number of B, KiB, MiB, GiB or TiB. Nothing where it does not fit 2^63.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string render_size(std::uint64_t bytes);

}  // namespace glimpse::experiments
