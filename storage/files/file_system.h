#pragma once

// On which kind of file system a path lies. Databases with shared memory and advisory locks behave
// differently on file systems that several hosts mount; what follows from that is for the callers.

#include <cstdint>
#include <filesystem>
#include <string>

namespace glimpse::storage {

struct FileSystemKind {
  std::string name;  // "NFS", "ext4"; "type 0x1234abcd" where unknown
  // Whether another host may have the same files open. User-space file systems (FUSE) count, since
  // what lies behind them is not known. An unknown type counts as local.
  bool is_network = false;
  bool is_known = true;
};

// `type` is f_type of statfs(2), of which 32 bits count.
[[nodiscard]] FileSystemKind describe_file_system(std::uint64_t type);
// Of the path itself, or of the nearest folder above it that exists.
[[nodiscard]] FileSystemKind file_system_of(const std::filesystem::path& path);

}  // namespace glimpse::storage
