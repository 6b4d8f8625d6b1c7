#pragma once

// worker.log of one attempt: what its processes print, up to a cap, and always the last lines,
// since those tell what went wrong. Writing never fails: a full disk is no reason to lose the
// attempt. One thread.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "storage/files/file_io.h"

namespace glimpse::launcher {

class AttemptLog {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{8} << 20;
  static constexpr std::size_t kLastLines = 20;
  static constexpr std::size_t kMostLineBytes = 400;  // of a last line; the rest is cut off

  // The file is made when there is something to write.
  explicit AttemptLog(std::filesystem::path path, std::uint64_t most_bytes = kMostBytes)
      : path_(std::move(path)), most_bytes_(most_bytes) {}

  void add(std::string_view printed);
  // Where the cap was passed, the file ends with a note and the last lines.
  void close();

  [[nodiscard]] std::vector<std::string> last_lines() const;

 private:
  void keep(std::string_view printed);
  void write(std::string_view text);

  std::filesystem::path path_;
  std::uint64_t most_bytes_;
  storage::FileDescriptor file_;
  bool cannot_write_ = false;
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
  std::deque<std::string> lines_;  // whole ones; the one that is being printed is open_line_
  std::string open_line_;
};

}  // namespace glimpse::launcher
