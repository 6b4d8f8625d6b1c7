#pragma once

// A log that somebody else may still be writing, read from any place. One thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/files/file_io.h"

namespace glimpse::launcher {

class LogFile {
 public:
  // Throws StorageError: kMissing where there is none, kRefused for what is no plain file.
  explicit LogFile(std::filesystem::path path);

  [[nodiscard]] std::uint64_t size() const;
  // What stands there now, at most a block of 64 KiB; empty at the end.
  [[nodiscard]] std::string read(std::uint64_t offset) const;
  // Where the last so many lines begin, the one that has no end yet included.
  [[nodiscard]] std::uint64_t start_of_last(std::size_t lines) const;

 private:
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t most) const;

  std::filesystem::path path_;
  storage::FileDescriptor file_;
};

}  // namespace glimpse::launcher
