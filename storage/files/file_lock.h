#pragma once

// The lock that makes one process the coordinator of a folder of results. It is an
// open-file-description lock on a file that tells who holds it; the kernel takes it back when the
// holder dies, however it dies. Where the file system has no locks, a heartbeat file takes their
// place (heartbeat.h). The file itself is never removed, since a removed file can be locked twice.
//
// Trap: a child that was forked while the lock was held, and does not exec, shares the lock and
// keeps it when the holder dies. Fork such children before the lock is taken.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/files/file_io.h"
#include "storage/files/heartbeat.h"

namespace glimpse::storage {

struct LockOptions {
  // Uses the heartbeat although the file system may have locks.
  bool needs_heartbeat = false;
  std::chrono::milliseconds heartbeat_limit = kHeartbeatLimit;
};

class FileLock {
 public:
  // Nothing when somebody else holds it; never waits for them.
  [[nodiscard]] static std::optional<FileLock> try_acquire(const std::filesystem::path& path,
                                                           const LockOptions& options = {});

  // False once a heartbeat was lost to another process (this one had been stopped for longer than
  // the limit): whoever finds that must end without writing. A kernel's lock is never lost.
  [[nodiscard]] bool is_held() const { return heartbeat_ == nullptr || heartbeat_->is_held(); }
  [[nodiscard]] bool uses_heartbeat() const { return heartbeat_ != nullptr; }

 private:
  FileLock() = default;

  FileDescriptor file_;                   // closing it gives the lock back
  std::unique_ptr<Heartbeat> heartbeat_;  // null where the kernel's lock is used
};

// Who holds the lock at `path`; nothing when nobody does. Needs only the right to read.
[[nodiscard]] std::optional<LockHolder> find_lock_holder(
    const std::filesystem::path& path, std::chrono::milliseconds heartbeat_limit = kHeartbeatLimit);

}  // namespace glimpse::storage
