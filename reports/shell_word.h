#pragma once

#include <string>
#include <string_view>

namespace glimpse::reports {

// As one types it in a shell of POSIX: quoted where that would make something else of it.
std::string render_shell_word(std::string_view word);

}  // namespace glimpse::reports
