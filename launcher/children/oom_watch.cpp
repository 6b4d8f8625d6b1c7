#include "launcher/children/oom_watch.h"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

// Such files are a few lines; nothing where it cannot be read.
std::string read_small_file(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<std::uint64_t> read_oom_kills(const fs::path& path) {
  return parse_oom_kills(read_small_file(path));
}

bool names_memory(const std::string& controllers) {
  std::istringstream names(controllers);
  for (std::string name; std::getline(names, name, ',');) {
    if (name == "memory") {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<fs::path> oom_count_files(std::string_view cgroups) {
  std::vector<fs::path> files;
  std::istringstream lines{std::string(cgroups)};
  // "0::/path" of version 2, "4:memory:/path" of version 1.
  for (std::string number, controllers, path; std::getline(lines, number, ':') &&
                                              std::getline(lines, controllers, ':') &&
                                              std::getline(lines, path);) {
    const bool is_second = number == "0" && controllers.empty();
    if (!path.starts_with('/') || (!is_second && !names_memory(controllers))) {
      continue;
    }
    const fs::path mount = is_second ? "sys/fs/cgroup" : "sys/fs/cgroup/memory";
    const char* const name = is_second ? "memory.events" : "memory.oom_control";
    files.push_back((mount / path.substr(1) / name).lexically_normal());
    files.push_back(mount / name);
  }
  return files;
}

std::optional<std::uint64_t> parse_oom_kills(std::string_view text) {
  std::istringstream lines{std::string(text)};
  for (std::string name, value; lines >> name >> value;) {
    std::uint64_t count = 0;
    const char* const end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, count);
    if (name == "oom_kill" && parsed.ec == std::errc() && parsed.ptr == end) {
      return count;
    }
  }
  return std::nullopt;
}

OomWatch::OomWatch(const fs::path& root) {
  for (const fs::path& file : oom_count_files(read_small_file(root / "proc/self/cgroup"))) {
    if (const auto count = read_oom_kills(root / file)) {
      file_ = root / file;
      explained_ = *count;
      return;
    }
  }
}

bool OomWatch::take_kill() {
  const std::uint64_t count = file_.empty() ? 0 : read_oom_kills(file_).value_or(0);
  if (count <= explained_) {
    return false;
  }
  ++explained_;
  return true;
}

}  // namespace glimpse::launcher
