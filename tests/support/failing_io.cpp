// A library to preload into a child process: it counts the system calls that change files below
// one folder, and makes the n-th of them fail, stop half way, or kill the process. What it does is
// told by the environment (see tests/support/io_fault.h, which sets it):
//
//   GLIMPSE_TEST_FAIL_DIR  the folder, as the kernel names it
//   GLIMPSE_TEST_FAIL_IO   "3:ENOSPC", "3+:EIO" (the third and all later ones), "3:half",
//                          "3:fill", "3:kill", "3:tear"; "0:count" only counts
//   GLIMPSE_TEST_FAIL_OPS  which calls count, out of
//   write,sync,truncate,rename,close,create,remove,lock GLIMPSE_TEST_FAIL_MAP  a file of 16 bytes
//   that is mapped: calls counted, faults done. It is
//                          right after a kill too, and processes forked by the child share it.
//
//   GLIMPSE_TEST_FILE_SYSTEM  if not 0, the type that statfs tells of every path
//
// Calls are made directly (syscall), so no symbol of the C library has to be found first.

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace {

enum class Action { kNone, kErrno, kHalf, kFill, kKill, kTear };

struct Shared {
  std::atomic<std::uint64_t> calls;
  std::atomic<std::uint64_t> fired;
};

struct Plan {
  Action action = Action::kNone;
  int error = 0;
  std::uint64_t at = 0;
  bool goes_on = false;
  std::string folder;
  std::string operations;
  Shared* shared = nullptr;
};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void set_action(Plan& plan, std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 7> kErrors{{
      {"ENOSPC", ENOSPC},
      {"EDQUOT", EDQUOT},
      {"EFBIG", EFBIG},
      {"EIO", EIO},
      {"EINTR", EINTR},
      {"EROFS", EROFS},
      {"ENOLCK", ENOLCK},
  }};
  static constexpr std::array<std::pair<std::string_view, Action>, 5> kActions{{
      {"half", Action::kHalf},
      {"fill", Action::kFill},
      {"kill", Action::kKill},
      {"tear", Action::kTear},
      {"count", Action::kNone},
  }};
  for (const auto& [name, error] : kErrors) {
    if (text == name) {
      plan.action = Action::kErrno;
      plan.error = error;
      return;
    }
  }
  for (const auto& [name, action] : kActions) {
    if (text == name) {
      plan.action = action;
      return;
    }
  }
  std::fprintf(stderr, "failing_io: unknown action %s\n", std::string(text).c_str());
  std::abort();  // a misspelt fault must never look like a passed test
}

Shared* map_shared(const std::string& path) {
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path.c_str(), O_RDWR, 0));
  void* const address =
      file < 0 ? MAP_FAILED
               : mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (address == MAP_FAILED) {
    std::fprintf(stderr, "failing_io: cannot map %s\n", path.c_str());
    std::abort();
  }
  syscall(SYS_close, file);
  return static_cast<Shared*>(address);
}

Plan make_plan() {
  Plan plan;
  const std::string fault = variable("GLIMPSE_TEST_FAIL_IO");
  if (fault.empty()) {
    return plan;
  }
  char* rest = nullptr;
  plan.at = std::strtoull(fault.c_str(), &rest, 10);
  plan.goes_on = *rest == '+';
  const std::string_view text(rest + (plan.goes_on ? 1 : 0));
  set_action(plan, text.substr(std::min<std::size_t>(1, text.size())));
  plan.folder = variable("GLIMPSE_TEST_FAIL_DIR");
  plan.operations = "," + variable("GLIMPSE_TEST_FAIL_OPS") + ",";
  plan.shared = map_shared(variable("GLIMPSE_TEST_FAIL_MAP"));
  return plan;
}

// Never destroyed: libraries close files as late as in their handlers at exit.
const Plan& plan() {
  static const Plan* const made = new Plan(make_plan());
  return *made;
}

bool is_below(std::string_view path) {
  const std::string& folder = plan().folder;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_below(int file) {
  std::array<char, 64> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink(link.data(), path.data(), path.size());
  return size > 0 && is_below(std::string_view(path.data(), static_cast<std::size_t>(size)));
}

bool is_below_at(int folder, const char* path) {
  if (path[0] == '/') {
    return is_below(path);
  }
  if (folder != AT_FDCWD) {
    return is_below(folder);
  }
  std::array<char, PATH_MAX> here{};
  return ::getcwd(here.data(), here.size()) != nullptr &&
         is_below(std::string(here.data()) + "/" + path);
}

bool counts(std::string_view operation) {
  return plan().shared != nullptr &&
         plan().operations.find("," + std::string(operation) + ",") != std::string::npos;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  while (true) {
    ::pause();
  }
}

// What is to happen to this call; counts it.
Action next_action() {
  const std::uint64_t number = plan().shared->calls.fetch_add(1) + 1;
  if (plan().at == 0 || number < plan().at) {
    return Action::kNone;
  }
  if (number > plan().at && !plan().goes_on && plan().action != Action::kFill) {
    return Action::kNone;
  }
  plan().shared->fired.fetch_add(1);
  return plan().action;
}

// For calls that are done or not done. `needs_room` is false for those that succeed on a full disk.
bool refuses(std::string_view operation, bool is_ours, bool needs_room) {
  if (!counts(operation) || !is_ours) {
    return false;
  }
  switch (next_action()) {
    case Action::kNone:
    case Action::kHalf:
      return false;
    case Action::kErrno:
      errno = plan().error;
      return true;
    case Action::kFill:
      errno = ENOSPC;
      return needs_room;
    case Action::kKill:
    case Action::kTear:
      die();
  }
  return false;
}

std::uint64_t size_of(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

ssize_t real_write(int file, const void* bytes, std::size_t size, off_t offset) {
  return offset < 0 ? syscall(SYS_write, file, bytes, size)
                    : syscall(SYS_pwrite64, file, bytes, size, offset);
}

// A disk that fills takes half of the write that no longer fits and nothing after it; writes into
// room that the file has already go on.
ssize_t fill_write(int file, const void* bytes, std::size_t size, off_t offset) {
  if (offset >= 0 && static_cast<std::uint64_t>(offset) + size <= size_of(file)) {
    return real_write(file, bytes, size, offset);
  }
  if (plan().shared->fired.load() == 1 && size > 1) {
    return real_write(file, bytes, size / 2, offset);
  }
  errno = ENOSPC;
  return -1;
}

ssize_t do_write(int file, const void* bytes, std::size_t size, off_t offset) {
  if (!counts("write") || !is_below(file)) {
    return real_write(file, bytes, size, offset);
  }
  switch (next_action()) {
    case Action::kNone:
      break;
    case Action::kErrno:
      errno = plan().error;
      return -1;
    case Action::kHalf:
      return real_write(file, bytes, std::max<std::size_t>(size / 2, 1), offset);
    case Action::kFill:
      return fill_write(file, bytes, size, offset);
    case Action::kTear:
      real_write(file, bytes, size / 2, offset);
      die();
    case Action::kKill:
      die();
  }
  return real_write(file, bytes, size, offset);
}

// Gathered writes are made flat: a short count is allowed, and callers go on from it.
ssize_t do_writev(int file, const iovec* parts, int count, off_t offset) {
  std::string flat;
  for (int i = 0; i < count; ++i) {
    flat.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  return do_write(file, flat.data(), flat.size(), offset);
}

int do_truncate(int file, off_t size) {
  const bool grows = static_cast<std::uint64_t>(size) > size_of(file);
  return refuses("truncate", is_below(file), grows)
             ? -1
             : static_cast<int>(syscall(SYS_ftruncate, file, size));
}

int do_open(int folder, const char* path, int flags, mode_t mode) {
  const bool creates = (flags & O_CREAT) != 0;
  if (creates && refuses("create", is_below_at(folder, path), true)) {
    return -1;
  }
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

}  // namespace

extern "C" {
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): theirs begin with __.

ssize_t write(int file, const void* bytes, size_t size) {
  return do_write(file, bytes, size, -1);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return do_write(file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return do_write(file, bytes, size, offset);
}
ssize_t writev(int file, const iovec* parts, int count) {
  return do_writev(file, parts, count, -1);
}
ssize_t pwritev(int file, const iovec* parts, int count, off_t offset) {
  return do_writev(file, parts, count, offset);
}
ssize_t pwritev64(int file, const iovec* parts, int count, off64_t offset) {
  return do_writev(file, parts, count, offset);
}

int fsync(int file) {
  return refuses("sync", is_below(file), false) ? -1 : static_cast<int>(syscall(SYS_fsync, file));
}
int fdatasync(int file) {
  return refuses("sync", is_below(file), false) ? -1
                                                : static_cast<int>(syscall(SYS_fdatasync, file));
}

int ftruncate(int file, off_t size) noexcept {
  return do_truncate(file, size);
}
int ftruncate64(int file, off64_t size) noexcept {
  return do_truncate(file, size);
}
// Answers with the error itself instead of errno.
int posix_fallocate(int file, off_t offset, off_t size) {
  if (refuses("truncate", is_below(file), true)) {
    return errno;
  }
  return syscall(SYS_fallocate, file, 0, offset, size) == 0 ? 0 : errno;
}
int posix_fallocate64(int file, off64_t offset, off64_t size) {
  return posix_fallocate(file, offset, size);
}

int rename(const char* from, const char* to) noexcept {
  return refuses("rename", is_below_at(AT_FDCWD, to), false)
             ? -1
             : static_cast<int>(syscall(SYS_rename, from, to));
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return refuses("rename", is_below_at(to_folder, to), false)
             ? -1
             : static_cast<int>(syscall(SYS_renameat, from_folder, from, to_folder, to));
}

// The file is closed all the same, as a network file system does that reports a lost write here.
int close(int file) {
  const bool is_refused = refuses("close", is_below(file), false);
  const int error = errno;
  const auto result = static_cast<int>(syscall(SYS_close, file));
  if (is_refused) {
    errno = error;
    return -1;
  }
  return result;
}

int unlink(const char* path) noexcept {
  return refuses("remove", is_below_at(AT_FDCWD, path), false)
             ? -1
             : static_cast<int>(syscall(SYS_unlink, path));
}
int mkdir(const char* path, mode_t mode) noexcept {
  return refuses("create", is_below_at(AT_FDCWD, path), true)
             ? -1
             : static_cast<int>(syscall(SYS_mkdir, path, mode));
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return do_open(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return do_open(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return do_open(folder, path, flags, mode);
}

// Only locks of open file descriptions, which a file system may lack; all else passes.
int fcntl(int file, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  const bool locks = command == F_OFD_SETLK || command == F_OFD_GETLK;
  if (locks && refuses("lock", is_below(file), false)) {
    return -1;
  }
  return static_cast<int>(syscall(SYS_fcntl, file, command, argument));
}
int fcntl64(int file, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return fcntl(file, command, argument);
}

int statfs(const char* path, struct statfs* status) noexcept {
  const auto result = static_cast<int>(syscall(SYS_statfs, path, status));
  const std::string type = variable("GLIMPSE_TEST_FILE_SYSTEM");
  if (result == 0 && !type.empty() && type != "0") {
    status->f_type = static_cast<decltype(status->f_type)>(std::stoull(type));
  }
  return result;
}
int statfs64(const char* path, struct statfs64* status) noexcept {
  return statfs(path, reinterpret_cast<struct statfs*>(status));  // one layout on 64 bits
}

// NOLINTEND(readability-inconsistent-declaration-parameter-name)
}  // extern "C"
