#pragma once

// Starts other programs: arguments as given, no shell. Downloads and the question what a worker is
// run to their end here; the workers of trials have owners of their own.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace glimpse::launcher {

// Looks a name up in the folders of `path` (as PATH is written).
std::optional<std::filesystem::path> find_program(const std::string& name, const std::string& path);

// The program's descriptor `to` is our `from`. They are made in order, so no `from` may be the `to`
// of an earlier one.
struct Redirection {
  int from = -1;
  int to = -1;
};

// Does not wait; gives the process id. Throws std::system_error where it cannot be started.
int start_program(const std::vector<std::string>& arguments,
                  std::span<const Redirection> redirections);

// Exit code, or 128 + the signal that ended it.
int wait_for_child(int pid);

struct ChildResult {
  int status = 0;      // as wait_for_child() gives it
  std::string output;  // its stdout, where that was asked for
};

// stdout and stderr go where ours do, stdout to stderr: our own stdout is data. Throws
// std::system_error where the program cannot be started.
ChildResult run_program(const std::vector<std::string>& arguments);

// stdout comes back, at most 1 MiB of it; a program that takes longer is killed.
ChildResult capture_program(const std::vector<std::string>& arguments, double timeout_s);

}  // namespace glimpse::launcher
