#pragma once

// Messages as bytes and back, for transports that leave the process. Commands and records travel as
// the lines of JSON that they are anyway; all else is numbers and texts. Reading is strict: the
// bytes may be of another build, or damaged. Pure functions; any thread may call them.

#include <cstddef>
#include <string>
#include <string_view>

#include "launcher/transport/message.h"

namespace glimpse::launcher {

// Of one message. A job's command line is what may be long.
inline constexpr std::size_t kMaxPackedBytes = std::size_t{1} << 20;

// Throws LaunchError, or RecordError, for what the other end would refuse.
std::string pack_message(const Message& message);
// Throws LaunchError.
Message unpack_message(std::string_view bytes);

}  // namespace glimpse::launcher
