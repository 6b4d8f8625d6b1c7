#include "storage/files/file_io.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// Calls again for as long as a signal interrupts, and throws on any other failure.
template <typename Call>
auto check(Call call, std::string_view action, const fs::path& path) {
  while (true) {
    const auto result = call();
    if (result >= 0) {
      return result;
    }
    if (errno != EINTR) {
      throw_system_error(action, path, errno);
    }
  }
}

}  // namespace

StorageFault fault_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return StorageFault::kDiskFull;
    case ENOENT:
    case ENOTDIR:
      return StorageFault::kMissing;
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
      return StorageFault::kBusy;
    case EACCES:
    case EPERM:
    case EROFS:
    case EEXIST:
    case EISDIR:
    case ENAMETOOLONG:
    case ELOOP:
      return StorageFault::kRefused;
    default:
      return StorageFault::kIo;
  }
}

void throw_system_error(std::string_view action, const fs::path& path, int error_number) {
  throw StorageError(fault_of(error_number),
                     path,
                     std::string(action) + " " + path.string() + ": " +
                         std::generic_category().message(error_number));
}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) {
    ::close(number_);
  }
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void FileDescriptor::close(const fs::path& path) {
  // Linux frees the number even when close fails or is interrupted, so it is never tried twice.
  const int number = std::exchange(number_, -1);
  if (number >= 0 && ::close(number) != 0 && errno != EINTR) {
    throw_system_error("close", path, errno);
  }
}

FileDescriptor open_file(const fs::path& path, int flags, unsigned permissions) {
  return FileDescriptor(
      check([&] { return ::open(path.c_str(), flags | O_CLOEXEC, permissions); }, "open", path));
}

std::optional<FileDescriptor> try_create_file(const fs::path& path) {
  constexpr int kTaken = INT_MAX;  // no descriptor has this number
  const auto create = [&] {
    const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return number < 0 && errno == EEXIST ? kTaken : number;
  };
  const int number = check(create, "make", path);
  return number == kTaken ? std::nullopt : std::optional(FileDescriptor(number));
}

FileDescriptor open_plain_file(const fs::path& path) {
  // O_NONBLOCK: opening a pipe must not wait for its other end; a plain file does not care.
  FileDescriptor file = open_file(path, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  check([&] { return ::fstat(file.get(), &status); }, "look at", path);
  if (!S_ISREG(status.st_mode)) {
    throw StorageError(
        StorageFault::kRefused, path, "open " + path.string() + ": not a plain file");
  }
  return file;
}

void write_all(const FileDescriptor& file, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto written =
        check([&] { return ::write(file.get(), bytes.data(), bytes.size()); }, "write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void write_all_at(const FileDescriptor& file,
                  std::uint64_t offset,
                  std::span<const std::byte> bytes,
                  const fs::path& path) {
  while (!bytes.empty()) {
    const auto write = [&] {
      return ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    };
    const auto written = static_cast<std::size_t>(check(write, "write", path));
    bytes = bytes.subspan(written);
    offset += written;
  }
}

std::size_t read_some(const FileDescriptor& file, std::span<std::byte> into, const fs::path& path) {
  return static_cast<std::size_t>(
      check([&] { return ::read(file.get(), into.data(), into.size()); }, "read", path));
}

void truncate_file(const FileDescriptor& file, std::uint64_t size, const fs::path& path) {
  check([&] { return ::ftruncate(file.get(), static_cast<off_t>(size)); }, "truncate", path);
}

std::uint64_t file_size(const FileDescriptor& file, const fs::path& path) {
  struct stat status {};
  check([&] { return ::fstat(file.get(), &status); }, "look at", path);
  return static_cast<std::uint64_t>(status.st_size);
}

void sync_file(const FileDescriptor& file, const fs::path& path) {
  check([&] { return ::fsync(file.get()); }, "flush to disk", path);
}

void sync_folder(const fs::path& folder) {
  const FileDescriptor file = open_file(folder, O_RDONLY | O_DIRECTORY);
  const auto sync = [&] {
    const int result = ::fsync(file.get());
    return result != 0 && (errno == EINVAL || errno == ENOTSUP) ? 0 : result;
  };
  check(sync, "flush to disk", folder);
}

void sync_folders_above(const fs::path& folder) {
  for (fs::path at = fs::absolute(folder); at.has_relative_path();) {
    at = at.parent_path();
    try {
      sync_folder(at);
    } catch (const StorageError& error) {
      if (error.fault() != StorageFault::kRefused) {
        throw;
      }
    }
  }
}

void rename_file(const fs::path& from, const fs::path& to) {
  check([&] { return std::rename(from.c_str(), to.c_str()); }, "rename to", to);
}

void make_folders(const fs::path& folder) {
  // Mostly only the last is missing, and looking at each before it costs more than making it.
  if (::mkdir(folder.c_str(), 0777) == 0) {
    return;
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw_system_error("make folder", folder, error.value());
  }
}

void make_durable_folders(const fs::path& folder) {
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) {
    return;
  }
  const fs::path parent = folder.parent_path();
  make_durable_folders(parent);
  make_folders(folder);
  sync_folder(parent.empty() ? fs::path(".") : parent);
}

std::string load_text(const fs::path& path, std::size_t limit) {
  const FileDescriptor file = open_plain_file(path);
  std::string text;
  std::array<std::byte, 16384> buffer{};
  while (const std::size_t count = read_some(file, buffer, path)) {
    if (text.size() + count > limit) {
      throw StorageError(
          StorageFault::kRefused,
          path,
          "read " + path.string() + ": larger than " + std::to_string(limit) + " bytes");
    }
    text.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
  return text;
}

}  // namespace glimpse::storage
