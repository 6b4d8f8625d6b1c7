#pragma once

#include <string>
#include <string_view>

namespace glimpse::reports {

// One line of plain text as Markdown that shows just that: no markup, no links, not even those that
// GitHub makes of bare addresses, and no HTML. Control characters show as escapes.
std::string escape_markdown(std::string_view utf8);

}  // namespace glimpse::reports
