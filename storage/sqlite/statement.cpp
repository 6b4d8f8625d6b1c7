#include "storage/sqlite/statement.h"

#include <sqlite3.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/sqlite_check.h"
#include "storage/storage_error.h"

namespace glimpse::storage {

Rows::~Rows() {
  statement_->reset();
}

bool Rows::next() {
  return statement_->step();
}

int Rows::column_count() const {
  return sqlite3_column_count(statement_->handle());
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_->handle(), column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_->handle(), column);
}

double Rows::real(int column) const {
  return sqlite3_column_double(statement_->handle(), column);
}

std::string Rows::text(int column) const {
  // The text first: asking for the length before it would give that of another representation.
  const auto* bytes = reinterpret_cast<const char*>(  // SQLite hands UTF-8 out as unsigned char
      sqlite3_column_text(statement_->handle(), column));
  const int size = sqlite3_column_bytes(statement_->handle(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::optional<std::int64_t> Rows::maybe_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<double> Rows::maybe_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}

Cell Rows::cell(int column) const {
  sqlite3_stmt* row = statement_->handle();
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return real(column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
      return std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(row, column));
      return std::span(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
    }
    default:
      return std::monostate();
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  check(sqlite3_prepare_v3(database.handle(),
                           sql.data(),
                           static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT,
                           &raw,
                           &rest));
  handle_.reset(raw);
  const std::string_view left(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (raw == nullptr || left.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw StorageError(StorageFault::kRefused,
                       database.path(),
                       "query " + database.path().string() + ": give exactly one SQL statement");
  }
}

Statement::~Statement() = default;

void Statement::bind_one(int index, std::int64_t value, Text /*text*/) {
  check(sqlite3_bind_int64(handle(), index, value));
}

void Statement::bind_one(int index, double value, Text /*text*/) {
  check(sqlite3_bind_double(handle(), index, value));
}

void Statement::bind_one(int index, std::string_view value, Text text) {
  // An empty view may point nowhere, which SQLite would take for NULL.
  const char* bytes = value.empty() ? "" : value.data();
  const auto release = text == Text::kCopied ? SQLITE_TRANSIENT : SQLITE_STATIC;
  check(sqlite3_bind_text64(handle(), index, bytes, value.size(), release, SQLITE_UTF8));
}

void Statement::bind_one(int index, std::nullptr_t, Text /*text*/) {
  check(sqlite3_bind_null(handle(), index));
}

bool Statement::step() {
  const int code = sqlite3_step(handle());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code != SQLITE_DONE) {
    check(code);
  }
  return false;
}

// Repeats the error of the last step, which has been thrown already.
void Statement::reset() noexcept {
  sqlite3_reset(handle());
}

void Statement::throw_missing_row() const {
  throw StorageError(StorageFault::kDamaged,
                     database_->path(),
                     "query results in " + database_->path().string() + ": no row for " +
                         sqlite3_sql(handle()) + " (run 'glimpse verify' on this folder)");
}

void Statement::check(int code) const {
  check_sqlite(code, database_->handle(), database_->path(), "query results");
}

}  // namespace glimpse::storage
