#pragma once

// What exec and its kin take, and what wait(2) gives, for whoever starts a process.

#include <string>
#include <vector>

namespace glimpse::worker {

// Ends with the null that C asks for. Points into the texts, which stay and are not changed.
std::vector<char*> argument_pointers(const std::vector<std::string>& texts);

// Exit code, or 128 + the signal that ended it.
int exit_status(int wait_status);

}  // namespace glimpse::worker
