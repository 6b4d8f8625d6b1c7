#pragma once

// A file that appears whole or not at all. Bytes go to a hidden name in the same folder; commit()
// flushes them to disk, gives them their name by rename and flushes the folder. Until then readers
// see what was there before. Without commit() the destructor takes the hidden file away; after a
// crash it stays, recognisable by is_temporary_name(), until remove_temporaries().
//
// One thread at a time. A library that insists on writing by itself (HDF5) may open
// temporary_path(), close it, and leave the rest to commit().

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "storage/files/file_io.h"

namespace glimpse::storage {

struct AtomicFileOptions {
  // Of the finished file, as chmod takes them; 0 leaves what the umask gave.
  unsigned permissions = 0;
  // Without it nothing is flushed: whole or absent after a crash of the process, not of the
  // machine.
  bool is_durable = true;
};

class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path, AtomicFileOptions options = {});
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  // At a place of its own, which may lie behind the end, for formats whose header is known last.
  // Leaves where write() goes on untouched.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);

  // Throws, and leaves the old file as it was, for every failure up to the rename. When only the
  // flush of the folder fails, it throws although the new file stands, whole, under its name: a
  // power cut may then still bring the old one back.
  void commit();
  // As commit(), under a name that was not known at the start (a hash of the content). It must lie
  // in the same folder.
  void commit_as(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& temporary_path() const { return temporary_; }

 private:
  void discard() noexcept;

  std::filesystem::path path_;
  std::filesystem::path temporary_;  // empty once nothing is left to take away
  AtomicFileOptions options_;
  FileDescriptor file_;
};

void write_file_atomically(const std::filesystem::path& path,
                           std::string_view text,
                           AtomicFileOptions options = {});

// The name that an unfinished file would have got, from its hidden one (both without folder);
// nothing for names that AtomicFile does not give.
[[nodiscard]] std::optional<std::string_view> target_of_temporary(std::string_view name);
[[nodiscard]] inline bool is_temporary_name(std::string_view name) {
  return target_of_temporary(name).has_value();
}
// Takes away unfinished files last written at least `min_age` ago, and says how many. The age
// protects a writer that is still at work in a folder that several processes share.
std::size_t remove_temporaries(const std::filesystem::path& folder, std::chrono::seconds min_age);

}  // namespace glimpse::storage
