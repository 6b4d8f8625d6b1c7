#include "storage/sqlite/database.h"

#include <system_error>
#include <utility>

#include <sqlite3.h>

#include "storage/sqlite/sqlite_check.h"
#include "storage/sqlite/statement.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

// Each connection is used by one thread at a time, so SQLite's own mutex would only cost.
int open_flags(OpenMode mode) {
  constexpr int kCommon = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case OpenMode::kReadOnly:
      return kCommon | SQLITE_OPEN_READONLY;
    case OpenMode::kReadWrite:
      return kCommon | SQLITE_OPEN_READWRITE;
    case OpenMode::kCreate:
      break;
  }
  return kCommon | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

void switch_option(sqlite3* handle, int option, int value) {
  // Fails only for options this SQLite was built without; those guards are then not needed either.
  sqlite3_db_config(handle, option, value, nullptr);
}

// The file may be a stranger's. Its views may still call functions, because ours need those for
// JSON, which this SQLite would refuse with TRUSTED_SCHEMA off; all functions here are SQLite's
// own.
void distrust_file(sqlite3* handle) {
  switch_option(handle, SQLITE_DBCONFIG_DEFENSIVE, 1);
  switch_option(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
  switch_option(handle, SQLITE_DBCONFIG_DQS_DDL, 0);
  switch_option(handle, SQLITE_DBCONFIG_DQS_DML, 0);
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Database::Database(std::filesystem::path path, OpenMode mode) : path_(std::move(path)) {
  std::error_code ignored;
  if (mode != OpenMode::kCreate && !std::filesystem::exists(path_, ignored)) {
    throw StorageError(
        StorageFault::kMissing, path_, "open results " + path_.string() + ": no such file");
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &raw, open_flags(mode), nullptr);
  handle_.reset(raw);
  check_sqlite(code, raw, path_, "open results");
  set_up_connection(mode);
}

Database::~Database() = default;

void Database::set_up_connection(OpenMode mode) {
  check_sqlite(sqlite3_busy_timeout(handle(), kBusyTimeoutMs), handle(), path_, "set time-out");
  distrust_file(handle());
  execute(
      "PRAGMA page_size=8192; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA "
      "cache_size=-65536;",
      "open results");
  if (mode == OpenMode::kReadOnly) {
    return;
  }
  // FULL syncs the log at every commit: with NORMAL a power loss takes acknowledged rows along.
  execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
      "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;",
      "open results");
}

void Database::execute(const std::string& sql, std::string_view what) {
  check_sqlite(
      sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr), handle(), path_, what);
}

Statement& Database::prepared(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(std::string(sql), std::make_unique<Statement>(*this, sql)).first;
  }
  return *found->second;
}

void Database::close() {
  statements_.clear();
  const int code = sqlite3_close(handle());
  if (code != SQLITE_OK) {
    throw_sqlite(code, handle(), path_, "close results");
  }
  static_cast<void>(handle_.release());  // closed just now
}

bool Database::close_cleanly() {
  statements_.clear();
  const int code = sqlite3_exec(handle(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  const bool is_held = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
  if (!is_held) {
    check_sqlite(code, handle(), path_, "close results");
  }
  close();
  return !is_held;
}

bool Database::is_in_transaction() const {
  return sqlite3_get_autocommit(handle()) == 0;
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle());
}

std::int64_t Database::changed_rows() const {
  return sqlite3_changes64(handle());
}

}  // namespace glimpse::storage
