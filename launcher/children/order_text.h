#pragma once

// A ChildOrder as bytes, for its way from the agent to the spawner. Pure.

#include <string>
#include <string_view>

#include "launcher/children/children.h"

namespace glimpse::launcher {

[[nodiscard]] std::string render_order(const ChildOrder& order);
// Throws std::runtime_error on any other text.
[[nodiscard]] ChildOrder parse_order(std::string_view text);

}  // namespace glimpse::launcher
