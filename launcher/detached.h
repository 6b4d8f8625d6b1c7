#pragma once

// Starts a program that outlives the terminal: a session of its own, nothing to read, its output at
// the end of a file, no other descriptor of ours and no signal held back. It stays a child until we
// end, so how it ended can be seen.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace glimpse::launcher {

// Gives the process id. Throws std::system_error where it cannot be started. All descriptors but
// the first three are closed for every program started later, too.
int start_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log);

// Exit code, or 128 + the signal that ended it; nothing while it runs. Asked again after that, it
// throws std::system_error.
std::optional<int> try_end_of_child(int pid);

}  // namespace glimpse::launcher
