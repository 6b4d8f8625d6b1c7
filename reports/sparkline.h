#pragma once

// A curve as one line of text, for terminals: block characters of eight heights, the smallest value
// lowest. Pure.

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace glimpse::reports {

// At most `width` characters: where there are more values, each shows the mean of its neighbours. A
// blank stands for values that are missing, and a curve of one value for all stays in the middle.
std::string render_sparkline(std::span<const std::optional<double>> values, std::size_t width);

}  // namespace glimpse::reports
