#pragma once

// Says something to whoever coordinates a folder of results, from any host that sees the folder:
// nothing but files is used. Any thread.

#include <chrono>
#include <filesystem>
#include <optional>

#include "launcher/spool/spool_command.h"

namespace glimpse::launcher {

inline constexpr std::chrono::milliseconds kSpoolTimeout{5000};

// Leaves the command in the folder (made where it is missing) and waits for its answer. Nothing:
// nobody took it in time, it was taken back, and nobody will carry it out. Throws StorageError
// where the folder cannot be written to, and (kIo) where somebody took the command and gave no
// answer within the same time again.
std::optional<SpoolReply> ask(const std::filesystem::path& folder,
                              const SpoolCommand& command,
                              std::chrono::milliseconds timeout = kSpoolTimeout);

}  // namespace glimpse::launcher
