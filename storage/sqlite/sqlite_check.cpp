#include "storage/sqlite/sqlite_check.h"

#include <cerrno>
#include <string>

#include <sqlite3.h>

#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

bool is_disk_full(int code, sqlite3* handle) {
  if ((code & 0xff) == SQLITE_FULL) {
    return true;
  }
  // SQLite knows ENOSPC on writes only. A quota that is used up comes as a plain input/output
  // error, whose cause it does not always keep: then errno still tells it.
  const int cause = handle == nullptr ? 0 : sqlite3_system_errno(handle);
  const int last = cause == 0 ? errno : cause;
  return (code & 0xff) == SQLITE_IOERR && (last == EDQUOT || last == ENOSPC);
}

StorageFault fault_of(int code, sqlite3* handle) {
  if (is_disk_full(code, handle)) {
    return StorageFault::kDiskFull;
  }
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
      return StorageFault::kDamaged;
    case SQLITE_NOTADB:
      return StorageFault::kForeign;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return StorageFault::kBusy;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_INTERNAL:
      return StorageFault::kIo;
    default:
      return StorageFault::kRefused;
  }
}

std::string_view advice(StorageFault fault) {
  switch (fault) {
    case StorageFault::kDamaged:
      return " (run 'glimpse verify', which names what is damaged)";
    case StorageFault::kForeign:
      return " (this is no results database)";
    case StorageFault::kDiskFull:
      return " (free some space or quota, then run again)";
    case StorageFault::kBusy:
      return " (another process holds it; try again when that one has ended)";
    default:
      return "";
  }
}

}  // namespace

void throw_sqlite(int code,
                  sqlite3* handle,
                  const std::filesystem::path& path,
                  std::string_view what) {
  const StorageFault fault = fault_of(code, handle);
  std::string text(what);
  text += " in " + path.string() + ": ";
  text += handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  // A journal is left only where a writer died while it opened or closed the file.
  text += code == SQLITE_READONLY_ROLLBACK
              ? " (a writer died here; whoever may write to its folder and opens it cleans up)"
              : advice(fault);
  throw StorageError(fault, path, text);
}

void check_sqlite(int code,
                  sqlite3* handle,
                  const std::filesystem::path& path,
                  std::string_view what) {
  if (code != SQLITE_OK) {
    throw_sqlite(code, handle, path, what);
  }
}

}  // namespace glimpse::storage
