#pragma once

// Names of studies, results and datasets become names of files, so they have to be harmless there.

#include <string_view>

namespace glimpse::experiments {

// [A-Za-z0-9_][A-Za-z0-9._-]{0,63}: no slash, no leading dot or dash, nothing a shell would touch.
bool is_path_name(std::string_view name);

// What a name that is none of these is told to be.
inline constexpr std::string_view kPathNameRule =
    "a name of 1 to 64 letters, digits, \".\", \"_\" or \"-\" that begins with a letter, digit or "
    "\"_\"";

}  // namespace glimpse::experiments
