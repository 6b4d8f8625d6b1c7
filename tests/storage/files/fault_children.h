#pragma once

// What the children of this folder's fault tests do, each defined beside the test that starts it.

#include <string>

namespace glimpse::tests {

void replace_file_atomically(const std::string& path);
// A patient writer tries a record once more after a failure.
void append_to_journal(const std::string& path, bool is_patient);
// Tries for the lock (kind "lock" or "heartbeat"), after a line of input when it `waits`, prints
// whether it won, and holds it until the input ends.
void acquire_lock(const std::string& kind, const std::string& path, bool waits);

}  // namespace glimpse::tests
