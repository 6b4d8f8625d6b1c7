#include "storage/files/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/files/xxh3.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// ".<name>.<16 hex>.tmp-glimpse": hidden, beside its target, so that the rename stays on one file
// system.
constexpr std::string_view kSuffix = ".tmp-glimpse";

fs::path make_temporary_path(const fs::path& target) {
  // Random instead of pid and counter: two hosts of a cluster may share both the folder and the
  // pid. Asked of the kernel, as making a std::random_device takes longer than making the file.
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof(number), 0) != sizeof(number)) {
    throw_system_error("find a temporary name for", target, errno);
  }
  fs::path path = target.parent_path();
  path /= "." + target.filename().string() + "." + render_hash(number) + std::string(kSuffix);
  return path;
}

// For reading too: some libraries look at what they have written. People know the file by the name
// it is to have, so that is what an error tells.
FileDescriptor create_temporary(const fs::path& temporary, const fs::path& target) {
  int number = -1;
  do {
    number = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (number < 0 && errno == EINTR);
  if (number < 0) {
    throw_system_error("make", target, errno);
  }
  return FileDescriptor(number);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& path, AtomicFileOptions options)
    : path_(path), options_(options) {
  if (!path.has_filename()) {
    throw std::invalid_argument("AtomicFile needs a file name: " + path.string());
  }
  const fs::path temporary = make_temporary_path(path);
  file_ = create_temporary(temporary, path);
  temporary_ = temporary;
}

AtomicFile::~AtomicFile() {
  discard();
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, fs::path())),
      options_(other.options_),
      file_(std::move(other.file_)) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  std::swap(options_, other.options_);
  std::swap(file_, other.file_);
  return *this;
}

void AtomicFile::discard() noexcept {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
    temporary_.clear();
  }
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write_all(file_, bytes, path_);
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text)));
}

void AtomicFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  write_all_at(file_, offset, bytes, path_);
}

void AtomicFile::commit() {
  commit_as(path_);
}

void AtomicFile::commit_as(const fs::path& path) {
  if (folder_of(path) != folder_of(path_)) {
    throw std::invalid_argument("AtomicFile cannot leave its folder: " + path.string());
  }
  if (temporary_.empty()) {
    throw std::logic_error("AtomicFile is committed already: " + path_.string());
  }
  path_ = path;
  if (options_.permissions != 0 && ::fchmod(file_.get(), options_.permissions) != 0) {
    throw_system_error("set permissions of", path_, errno);
  }
  if (options_.is_durable) {
    sync_file(file_, path_);
  }
  file_.close(path_);
  rename_file(temporary_, path_);
  temporary_.clear();
  if (options_.is_durable) {
    sync_folder(folder_of(path_));
  }
}

void write_file_atomically(const fs::path& path, std::string_view text, AtomicFileOptions options) {
  AtomicFile file(path, options);
  file.write(text);
  file.commit();
}

std::optional<std::string_view> target_of_temporary(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(kSuffix)) {
    return std::nullopt;
  }
  name.remove_prefix(1);
  name.remove_suffix(std::min(name.size(), kSuffix.size()));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || !try_parse_hash(name.substr(dot + 1))) {
    return std::nullopt;
  }
  return name.substr(0, dot);
}

std::size_t remove_temporaries(const fs::path& folder, std::chrono::seconds min_age) {
  std::size_t removed = 0;
  std::error_code error;
  const auto newest = fs::file_time_type::clock::now() - min_age;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!is_temporary_name(entry->path().filename().string())) {
      continue;
    }
    // A file that goes away meanwhile was finished by its writer, or removed by somebody else.
    std::error_code gone;
    const auto written = fs::last_write_time(entry->path(), gone);
    if (!gone && written <= newest && fs::remove(entry->path(), gone)) {
      ++removed;
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw_system_error("list", folder, error.value());
  }
  return removed;
}

}  // namespace glimpse::storage
