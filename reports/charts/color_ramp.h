#pragma once

// Colours for amounts: viridis, which also those see who tell red from green badly, and which stays
// in order when printed grey. Pure.

#include <string>

namespace glimpse::reports {

// "#440154" for a share of 0 up to "#fde725" for 1.
std::string ramp_color(double share);
// Black or white, whichever is easier to read on it.
std::string ramp_ink(double share);

}  // namespace glimpse::reports
