#pragma once

// Tells a process that the kernel ended because memory was short from one that somebody killed:
// both die of SIGKILL. The kernel counts the former per control group. One thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace glimpse::launcher {

// Files that may hold the count, likeliest first; `cgroups` is the text of /proc/self/cgroup. In a
// container the path named there may lie outside of what is visible: the visible root follows.
[[nodiscard]] std::vector<std::filesystem::path> oom_count_files(std::string_view cgroups);
// From the text of memory.events, or of memory.oom_control of the older control groups.
[[nodiscard]] std::optional<std::uint64_t> parse_oom_kills(std::string_view text);

class OomWatch {
 public:
  // What was killed before does not count. `root` is that of the file system.
  explicit OomWatch(const std::filesystem::path& root = "/");

  // False where the kernel does not tell.
  [[nodiscard]] bool can_tell() const { return !file_.empty(); }
  // To be asked once for each child that ended by SIGKILL without our doing: whether one of the
  // kills counted since is left to explain it. It is used up.
  bool take_kill();

 private:
  std::filesystem::path file_;  // empty: none is readable
  std::uint64_t explained_ = 0;
};

}  // namespace glimpse::launcher
