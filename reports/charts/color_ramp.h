#pragma once

// Colours for amounts: viridis, which also those see who tell red from green badly, and which stays
// in order when printed grey. Pure.

#include <string>

namespace glimpse::reports {

// "#440154" for a share of 0 up to "#fde725" for 1.
std::string ramp_color(double share);
// Whether white is easier to read on it than black.
bool is_dark(double share);

}  // namespace glimpse::reports
