#pragma once

// The few system calls on files, each checked: an interrupted call is repeated, a short write is
// continued, and a failure becomes a StorageError that says what was tried on which path. Every
// function takes the path for that text alone and works on the descriptor it is given.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/storage_error.h"

namespace glimpse::storage {

// Which kind of fault an errno value stands for. ENOSPC, EDQUOT and EFBIG are all a full disk: more
// room, elsewhere, helps.
[[nodiscard]] StorageFault fault_of(int error_number);

// "write runs/ab/x: No space left on device"
[[noreturn]] void throw_system_error(std::string_view action,
                                     const std::filesystem::path& path,
                                     int error_number);

// Owns one descriptor. The destructor closes without a check, which is enough for files that were
// only read; whoever wrote calls close().
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  // Network file systems and quotas report lost writes as late as here.
  void close(const std::filesystem::path& path);

 private:
  int number_ = -1;
};

// `flags` are those of open(2); children started later never inherit the descriptor.
[[nodiscard]] FileDescriptor open_file(const std::filesystem::path& path,
                                       int flags,
                                       unsigned permissions = 0666);
// For writing, or nothing when the file is there already: of several that try, one succeeds.
[[nodiscard]] std::optional<FileDescriptor> try_create_file(const std::filesystem::path& path);
// For reading, and nothing but a plain file: a folder, pipe or device under the name is refused,
// the last two because reading them may never end.
[[nodiscard]] FileDescriptor open_plain_file(const std::filesystem::path& path);
void write_all(const FileDescriptor& file,
               std::span<const std::byte> bytes,
               const std::filesystem::path& path);
void write_all_at(const FileDescriptor& file,
                  std::uint64_t offset,
                  std::span<const std::byte> bytes,
                  const std::filesystem::path& path);
// Fills as much of `into` as one call gives; 0 means the end of the file.
[[nodiscard]] std::size_t read_some(const FileDescriptor& file,
                                    std::span<std::byte> into,
                                    const std::filesystem::path& path);
void truncate_file(const FileDescriptor& file,
                   std::uint64_t size,
                   const std::filesystem::path& path);
[[nodiscard]] std::uint64_t file_size(const FileDescriptor& file,
                                      const std::filesystem::path& path);

// A failed fsync is final: the kernel may have dropped the pages already, so a second call that
// succeeds proves nothing. Callers start over with a new file.
void sync_file(const FileDescriptor& file, const std::filesystem::path& path);
// Makes names in a folder durable. File systems that cannot do this for folders are let pass.
void sync_folder(const std::filesystem::path& folder);

// The same for the name of the folder itself and of those above it, as far as this user may read
// them; the others were there before.
void sync_folders_above(const std::filesystem::path& folder);

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
void make_folders(const std::filesystem::path& folder);
// The same, and what was made survives a power cut.
void make_durable_folders(const std::filesystem::path& folder);
// The whole text of a small file; more than `limit` bytes are refused before they are read.
[[nodiscard]] std::string load_text(const std::filesystem::path& path, std::size_t limit);

}  // namespace glimpse::storage
