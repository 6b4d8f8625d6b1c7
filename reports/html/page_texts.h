#pragma once

// The page's style sheets and its one script, as they were when the program was built.

#include <string_view>

namespace glimpse::reports {

std::string_view page_style();
std::string_view dark_style();
std::string_view page_script();

}  // namespace glimpse::reports
