#include "storage/files/file_lock.h"

#include <cerrno>
#include <span>

#include <fcntl.h>

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxTextBytes = 1024;

enum class Answer { kFree, kHeld, kNoLocks };

Answer to_answer(int error_number, const fs::path& path) {
  constexpr int kKernelNotSupported = 524;  // ENOTSUPP, which leaks out of NFS and has no name here
  switch (error_number) {
    case EAGAIN:
    case EACCES:
      return Answer::kHeld;
    case ENOLCK:
    case ENOTSUP:
    case ENOSYS:
    case EINVAL:
    case kKernelNotSupported:
      return Answer::kNoLocks;
    default:
      throw_system_error("lock", path, error_number);
  }
}

// Takes the lock (F_OFD_SETLK) or looks whether it could be taken (F_OFD_GETLK).
Answer ask_kernel(int command, const FileDescriptor& file, const fs::path& path) {
  struct flock whole_file {};
  whole_file.l_type = F_WRLCK;
  whole_file.l_whence = SEEK_SET;
  while (::fcntl(file.get(), command, &whole_file) != 0) {
    if (errno != EINTR) {
      return to_answer(errno, path);
    }
  }
  const bool is_free = command == F_OFD_SETLK || whole_file.l_type == F_UNLCK;
  return is_free ? Answer::kFree : Answer::kHeld;
}

fs::path heartbeat_path(const fs::path& path) {
  return path.string() + ".heartbeat";
}

}  // namespace

std::optional<FileLock> FileLock::try_acquire(const fs::path& path, const LockOptions& options) {
  FileLock lock;
  lock.file_ = open_file(path, O_RDWR | O_CREAT);
  const Answer answer =
      options.needs_heartbeat ? Answer::kNoLocks : ask_kernel(F_OFD_SETLK, lock.file_, path);
  // Another host may see the same folder without locks, and hold it by its heartbeat.
  if (answer == Answer::kHeld ||
      (answer == Answer::kFree &&
       find_heartbeat(heartbeat_path(path), options.heartbeat_limit).has_value())) {
    return std::nullopt;
  }
  if (answer == Answer::kNoLocks) {
    lock.heartbeat_ = Heartbeat::try_start(heartbeat_path(path), options.heartbeat_limit);
    if (lock.heartbeat_ == nullptr) {
      return std::nullopt;
    }
  }
  const std::string text = render_lock_holder(make_lock_holder());
  truncate_file(lock.file_, 0, path);
  write_all(lock.file_, std::as_bytes(std::span(text)), path);
  return lock;
}

std::optional<LockHolder> find_lock_holder(const fs::path& path,
                                           std::chrono::milliseconds heartbeat_limit) {
  std::optional<LockHolder> beating = find_heartbeat(heartbeat_path(path), heartbeat_limit);
  if (beating) {
    return beating;
  }
  std::error_code error;
  if (!fs::exists(path, error)) {
    return std::nullopt;
  }
  const FileDescriptor file = open_plain_file(path);
  if (ask_kernel(F_OFD_GETLK, file, path) != Answer::kHeld) {
    return std::nullopt;
  }
  return parse_lock_holder(load_text(path, kMaxTextBytes));
}

}  // namespace glimpse::storage
