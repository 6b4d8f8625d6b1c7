#pragma once

// The clock that a folder's files are dated by. On a shared file system that is the file server's,
// so ages of files are told by it alone: the clocks of hosts need not agree. Any thread.

#include <filesystem>
#include <string>

namespace glimpse::storage {

// 16 hex digits that nobody else has: two hosts may share both a folder and a process id.
[[nodiscard]] std::string make_token();

// The time of a file that was made in the folder just now, and taken away again; this host's own
// where none can be made.
[[nodiscard]] std::filesystem::file_time_type server_time(const std::filesystem::path& folder);

}  // namespace glimpse::storage
