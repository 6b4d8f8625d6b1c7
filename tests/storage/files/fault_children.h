#pragma once

// What the children of this folder's fault tests do, each defined beside the test that starts it.

#include <string>

namespace glimpse::tests {

void replace_file_atomically(const std::string& path);
// A patient writer tries a record once more after a failure.
void append_to_journal(const std::string& path, bool is_patient);

}  // namespace glimpse::tests
