#include "storage/files/mapped_file.h"

#include <cerrno>
#include <utility>

#include <sys/mman.h>

#include "storage/files/file_io.h"

namespace glimpse::storage {
namespace fs = std::filesystem;

MappedFile::MappedFile(const fs::path& path) : path_(path) {
  const FileDescriptor file = open_plain_file(path);
  size_ = file_size(file, path);
  if (size_ == 0) {  // mmap refuses no bytes
    return;
  }
  void* const address = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.get(), 0);
  if (address == MAP_FAILED) {
    throw_system_error("map", path, errno);
  }
  data_ = static_cast<const std::byte*>(address);
  // Files are hashed from front to back before anything else; failing to say so only costs speed.
  ::madvise(address, size_, MADV_WILLNEED);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(const_cast<std::byte*>(data_), size_);
  }
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace glimpse::storage
