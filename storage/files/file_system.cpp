#include "storage/files/file_system.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>

#include <sys/vfs.h>

#include "storage/files/file_io.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::uint32_t type;
  std::string_view name;
  bool is_network;
};

// From statfs(2) and linux/magic.h; those of Lustre, GPFS, BeeGFS and PanFS from their sources.
constexpr std::array<Row, 20> kKnown{{
    {0x00006969, "NFS", true},    {0x00C36400, "CephFS", true},     {0x65735546, "FUSE", true},
    {0xFF534D42, "CIFS", true},   {0xFE534D42, "SMB2", true},       {0x0000517B, "SMB", true},
    {0x0BD00BD0, "Lustre", true}, {0x47504653, "GPFS", true},       {0x19830326, "BeeGFS", true},
    {0xAAD7AAEA, "PanFS", true},  {0x01021997, "9p", true},         {0x5346414F, "AFS", true},
    {0x01161970, "GFS2", true},   {0x7461636F, "OCFS2", true},      {0x0000EF53, "ext4", false},
    {0x58465342, "XFS", false},   {0x9123683E, "Btrfs", false},     {0x2FC12FC1, "ZFS", false},
    {0x01021994, "tmpfs", false}, {0x794C7630, "overlayfs", false},
}};

}  // namespace

FileSystemKind describe_file_system(std::uint64_t type) {
  // f_type is signed on some machines, so CIFS comes with ones above its 32 bits.
  const auto number = static_cast<std::uint32_t>(type);
  const auto* const row = std::ranges::find(kKnown, number, &Row::type);
  if (row != kKnown.end()) {
    return {.name = std::string(row->name), .is_network = row->is_network};
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "type 0x%08x", number);
  return {.name = text.data(), .is_known = false};
}

FileSystemKind file_system_of(const fs::path& path) {
  struct statfs status {};
  for (fs::path at = fs::absolute(path);; at = at.parent_path()) {
    if (::statfs(at.c_str(), &status) == 0) {
      return describe_file_system(static_cast<std::uint64_t>(status.f_type));
    }
    if (errno != ENOENT || !at.has_relative_path()) {
      throw_system_error("find the file system of", path, errno);
    }
  }
}

}  // namespace glimpse::storage
