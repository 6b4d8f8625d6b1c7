#pragma once

// Where an export goes. Its files are known before the first is written, so that nothing else is
// ever replaced, and an earlier export that had more than this one is not mixed with it.
//
// An export can be made again from the database at any time, so its files appear whole or not at
// all, but nothing waits until they are on the disk: a thousand runs would mean a thousand flushes.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "storage/files/atomic_file.h"

namespace glimpse::reports {

// Small writes, collected.
class ExportFile {
 public:
  explicit ExportFile(const std::filesystem::path& path);

  void write(std::string_view bytes);
  void commit();

 private:
  storage::AtomicFile file_;
  std::string buffer_;
};

class ExportFolder {
 public:
  // `files` are what will be written, as paths from `root`. Makes the folder where it is missing;
  // throws StorageError (kCannotCreate) where something else lies in it.
  ExportFolder(std::filesystem::path root, const std::vector<std::filesystem::path>& files);

  // One of `files`, whose folder is made too.
  [[nodiscard]] ExportFile create(const std::filesystem::path& file) const;

 private:
  std::filesystem::path root_;
};

}  // namespace glimpse::reports
