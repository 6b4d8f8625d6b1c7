#pragma once

// A port of this machine where the members of a gang may meet. Nobody holds it: another program may
// take it first, and then the gang fails and is tried again with another one.

namespace glimpse::launcher {

// Throws std::system_error.
int find_free_port();

}  // namespace glimpse::launcher
