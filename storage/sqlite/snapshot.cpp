#include "storage/sqlite/snapshot.h"

#include <memory>
#include <system_error>

#include <sqlite3.h>

#include "storage/files/atomic_file.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/sqlite_check.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr const char* kDatabaseName = "glimpse.db";

struct Close {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};

struct Finish {
  void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

// A file that nobody else knows of yet needs neither locks, which network file systems may lack,
// nor a journal.
std::unique_ptr<sqlite3, Close> open_unshared(const std::filesystem::path& path) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      std::filesystem::absolute(path).c_str(), &raw, SQLITE_OPEN_READWRITE, "unix-none");
  std::unique_ptr<sqlite3, Close> handle(raw);
  check_sqlite(code, raw, path, "write snapshot");
  return handle;
}

void execute(sqlite3* handle, const std::filesystem::path& path, const char* sql) {
  check_sqlite(
      sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), handle, path, "write snapshot");
}

void copy_pages(Database& source, sqlite3* target, const std::filesystem::path& path) {
  std::unique_ptr<sqlite3_backup, Finish> backup(
      sqlite3_backup_init(target, "main", source.handle(), "main"));
  if (!backup) {
    throw_sqlite(sqlite3_errcode(target), target, path, "write snapshot");
  }
  const int step = sqlite3_backup_step(backup.get(), -1);
  const int code = sqlite3_backup_finish(backup.release());
  if (step != SQLITE_DONE) {
    throw_sqlite(step, code == SQLITE_OK ? nullptr : target, path, "write snapshot");
  }
}

void remove_with_log(const std::filesystem::path& live) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code error;
    std::filesystem::remove(live.string() + suffix, error);
    if (error) {
      throw StorageError(StorageFault::kIo,
                         live,
                         "remove old database " + live.string() + suffix + ": " + error.message());
    }
  }
}

}  // namespace

Placement pick_placement(const std::filesystem::path& results_folder,
                         bool is_network_file_system,
                         const std::filesystem::path& local_folder) {
  if (!is_network_file_system) {
    return {.live = results_folder / kDatabaseName, .snapshot = std::nullopt};
  }
  return {.live = local_folder / kDatabaseName, .snapshot = results_folder / kDatabaseName};
}

void publish_snapshot(const std::filesystem::path& live, const std::filesystem::path& target) {
  AtomicFile file(target);
  const std::filesystem::path& temporary = file.temporary_path();
  {
    Database source(live, OpenMode::kReadOnly);
    const std::unique_ptr<sqlite3, Close> copy = open_unshared(temporary);
    // Syncing is left to the commit below. Exclusive locking lets the copy, which says of itself
    // that it has a write-ahead log, be opened without shared memory and be told otherwise.
    execute(copy.get(), temporary, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=OFF");
    copy_pages(source, copy.get(), temporary);
    execute(copy.get(), temporary, "PRAGMA journal_mode=DELETE");
  }
  file.commit();
}

void restore_snapshot(const Placement& placement) {
  if (!placement.snapshot) {
    return;
  }
  remove_with_log(placement.live);
  if (std::filesystem::exists(*placement.snapshot)) {
    publish_snapshot(*placement.snapshot, placement.live);
  }
}

}  // namespace glimpse::storage
