#pragma once

// The style sheet that all charts need: chart.css, as it was when the program was built.

#include <string_view>

namespace glimpse::reports {

std::string_view chart_style();

}  // namespace glimpse::reports
