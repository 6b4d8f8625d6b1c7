#pragma once

// What a terminal makes of a UTF-8 text: how many columns it takes, and which bytes of it would be
// obeyed rather than shown. Names and data come from anybody, so nothing reaches a terminal that
// could move its cursor or turn its text around. Bytes that are no UTF-8 count as one column each.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::reports {

// East Asian wide characters and emoji count as two columns, combining marks as none.
std::size_t display_width(std::string_view utf8);

// Control characters (C0, DEL, C1), bidirectional overrides and stray bytes as \n, \x1b, \u202e.
std::string escape_controls(std::string_view utf8);

// Bytes that are no UTF-8 become U+FFFD, one each: JSON readers refuse a text that holds them.
std::string replace_invalid(std::string_view utf8);

// At most `width` columns; what is cut off shows as an ellipsis.
std::string cut_to_width(std::string_view utf8, std::size_t width);

// All of the text in lines of at most `width` columns, broken at blanks where there are any. A
// character that is wider by itself gets a line.
std::vector<std::string> wrap_to_width(std::string_view utf8, std::size_t width);

}  // namespace glimpse::reports
