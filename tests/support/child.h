#pragma once

// Lets a test binary be its own child process: child_main.cpp gives it a main that runs the tests,
// or, called with the command of child_command(), the function run_child() that the binary defines.

#include <string>
#include <vector>

#include "storage/storage_error.h"

namespace glimpse::tests {

// Defined by each binary registered with glimpse_fault_test(). Its result is the exit code.
int run_child(const std::vector<std::string>& arguments);

[[nodiscard]] std::vector<std::string> child_command(std::vector<std::string> arguments);

// How a child ends that run_child() left by a StorageError (its text goes to stderr), so that the
// parent sees the fault. Any other exception is exit code 1.
[[nodiscard]] constexpr int exit_code_of(storage::StorageFault fault) {
  return 40 + static_cast<int>(fault);
}

}  // namespace glimpse::tests
