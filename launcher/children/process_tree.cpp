#include "launcher/children/process_tree.h"

#include <array>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "storage/files/file_io.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> parse_number(std::string_view text) {
  pid_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc() ? std::optional(number) : std::nullopt;
}

// Nothing for a process that has ended meanwhile.
std::optional<ProcessRow> read_process(const fs::path& folder) {
  const storage::FileDescriptor file(::open((folder / "stat").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 512> block{};  // a name has 64 bytes at most, the parent comes right behind it
  const ssize_t got = file.is_open() ? ::read(file.get(), block.data(), block.size()) : 0;
  return got > 0 ? parse_process({block.data(), static_cast<std::size_t>(got)}) : std::nullopt;
}

}  // namespace

std::optional<ProcessRow> parse_process(std::string_view stat) {
  // "12 (name) S 7 ...", where the name is anything, brackets and newlines included.
  const std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 >= stat.size()) {
    return std::nullopt;
  }
  const auto process = parse_number(stat);
  const auto parent = parse_number(stat.substr(name_end + 4));
  return process && parent ? std::optional(ProcessRow{*process, *parent}) : std::nullopt;
}

std::vector<ProcessRow> list_processes() {
  std::vector<ProcessRow> rows;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (parse_number(entry->path().filename().native())) {
      if (const auto row = read_process(entry->path())) {
        rows.push_back(*row);
      }
    }
  }
  return rows;
}

std::vector<pid_t> descendants_of(pid_t root, std::span<const ProcessRow> rows) {
  std::multimap<pid_t, pid_t> children;
  for (const ProcessRow& row : rows) {
    children.emplace(row.parent, row.process);
  }
  std::vector<pid_t> found;
  const auto add_children = [&](pid_t parent) {
    const auto [first, last] = children.equal_range(parent);
    for (auto child = first; child != last; ++child) {
      found.push_back(child->second);
    }
    // Rows of different moments may name each other as parents.
    children.erase(first, last);
  };
  add_children(root);
  for (std::size_t i = 0; i < found.size(); ++i) {
    add_children(found[i]);
  }
  return found;
}

void end_with_groups(std::span<const pid_t> processes) {
  const pid_t session = ::getsid(0);
  for (const pid_t process : processes) {
    const pid_t group = ::getpgid(process);
    // A group is ended as a whole, which one by one would not end if its members fork all the time.
    if (group > 1 && ::getsid(process) != session) {
      ::kill(-group, SIGKILL);
    }
    ::kill(process, SIGKILL);
  }
}

}  // namespace glimpse::launcher
