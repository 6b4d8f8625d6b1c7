#pragma once

// A file's bytes as memory, read-only. Pages come from the kernel's cache when they are touched, so
// processes of one node that map the same file share one copy. Any thread may read bytes(); they
// are valid for as long as the object lives.
//
// Trap: a file that another process shortens while it is mapped makes the access a SIGBUS. Our own
// files are written once and replaced by rename, which leaves a mapping whole.

#include <cstddef>
#include <filesystem>
#include <span>

namespace glimpse::storage {

class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace glimpse::storage
