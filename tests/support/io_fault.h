#pragma once

// Runs a child process in which chosen file operations fail or kill it (tests/support/failing_io),
// once or at every such operation in turn. Works for any program that calls the C library for its
// files, so for SQLite and HDF5 too.
//
// The child is usually the test itself: a binary registered with glimpse_fault_test() defines
// run_child() (tests/support/child.h) and names its child by child_command().

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace glimpse::tests {

struct IoFault {
  // Only operations on files below it count. Must be free of symbolic links (TempDir's is).
  std::filesystem::path folder = {};
  // Counts from 1; 0 lets everything pass and only counts.
  std::uint64_t at = 0;
  // "ENOSPC" (or EDQUOT EFBIG EIO EINTR EROFS ENOLCK): that one operation fails, later ones
  // succeed. "fill": a write goes half way, and from then on nothing finds room that a file has not
  // yet. "half": a short write, which is no error. "kill": SIGKILL instead of the operation.
  // "tear": half of the write, then SIGKILL.
  std::string action = "ENOSPC";
  // The n-th and all later ones.
  bool goes_on = false;
  // Of: write sync truncate rename close create remove lock, with commas.
  std::string operations = "write,sync,truncate,rename,close";
  // What statfs calls every file system, as its f_type; 0: what it is.
  std::uint64_t file_system = 0;
};

struct ChildResult {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  std::string output;       // stdout and stderr
  std::uint64_t calls = 0;  // operations that counted
  bool has_fired = false;   // whether the fault happened
};

[[nodiscard]] ChildResult run_with_fault(const std::vector<std::string>& command,
                                         const IoFault& fault);

struct FaultCampaign {
  std::string action = "ENOSPC";
  std::string operations = "write,sync,truncate,rename,close";
  bool goes_on = false;
  std::uint64_t file_system = 0;
  // Lays out the state before, in a folder that is empty and new for each run. May be absent.
  std::function<void(const std::filesystem::path& folder)> prepare = {};
  std::function<std::vector<std::string>(const std::filesystem::path& folder)> command = {};
  // Judges what is left after the n-th operation failed.
  std::function<void(const std::filesystem::path& folder, const ChildResult& result)> judge = {};
};

// Fails the first operation, then in a new folder the second, and so on until the child ends
// without reaching the fault. Returns how many operations were failed: assert on it, or a campaign
// that hits nothing passes. Throws when the undisturbed child at the end does not exit with 0.
std::uint64_t fail_every_operation(const FaultCampaign& campaign);

}  // namespace glimpse::tests
