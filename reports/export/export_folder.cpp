#include "reports/export/export_folder.h"

#include <set>
#include <system_error>
#include <utility>

#include "storage/files/file_io.h"
#include "storage/storage_error.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

// With the folders that they lie in.
std::set<fs::path> with_folders(const std::vector<fs::path>& files) {
  std::set<fs::path> all(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (file.has_parent_path()) {
      all.insert(file.parent_path());
    }
  }
  return all;
}

// An unfinished file of ours, left by an export that was killed.
bool is_leftover(const fs::path& path, const std::set<fs::path>& ours) {
  const std::string name = path.filename().string();
  const auto target = storage::target_of_temporary(name);
  return target && ours.contains(path.parent_path() / *target);
}

// Unfinished files go, since TensorBoard would read them. Nothing goes before all was looked at.
void clear_folder(const fs::path& root, const std::set<fs::path>& ours) {
  std::vector<fs::path> leftovers;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path path = entry->path().lexically_relative(root);
    if (is_leftover(path, ours)) {
      leftovers.push_back(entry->path());
    } else if (!ours.contains(path)) {
      throw storage::StorageError(storage::StorageFault::kCannotCreate,
                                  root,
                                  "export to " + root.string() + ": " + path.string() +
                                      " there is not part of this export (give a new or empty "
                                      "folder)");
    }
  }
  if (error) {
    storage::throw_system_error("list", root, error.value());
  }
  for (const fs::path& leftover : leftovers) {
    fs::remove(leftover, error);
  }
}

}  // namespace

ExportFile::ExportFile(const fs::path& path) : file_(path, {.is_durable = false}) {}

void ExportFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) {
    file_.write(buffer_);
    buffer_.clear();
  }
}

void ExportFile::commit() {
  file_.write(buffer_);
  buffer_.clear();
  file_.commit();
}

ExportFolder::ExportFolder(fs::path root, const std::vector<fs::path>& files)
    : root_(std::move(root)) {
  const std::set<fs::path> ours = with_folders(files);
  storage::make_folders(root_);
  clear_folder(root_, ours);
}

ExportFile ExportFolder::create(const fs::path& file) const {
  const fs::path path = root_ / file;
  storage::make_folders(path.parent_path());
  return ExportFile(path);
}

}  // namespace glimpse::reports
