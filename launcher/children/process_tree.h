#pragma once

// Who descends from whom among the processes of this machine, asked of the kernel's list each time:
// it changes while it is read, so who wants to be sure asks again. Any thread.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace glimpse::launcher {

struct ProcessRow {
  pid_t process = 0;
  pid_t parent = 0;
};

// From the text of /proc/<pid>/stat.
[[nodiscard]] std::optional<ProcessRow> parse_process(std::string_view stat);
// As far as this user may see them.
[[nodiscard]] std::vector<ProcessRow> list_processes();
// Children, their children and so on, but not `root` itself.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t root, std::span<const ProcessRow> rows);

// SIGKILL for each and for its process group. They must be descendants of this process whose
// programs were started in sessions of their own: then no group of theirs can be one of others.
void end_with_groups(std::span<const pid_t> processes);

}  // namespace glimpse::launcher
