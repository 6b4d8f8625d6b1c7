#include "storage/sqlite/transaction.h"

#include <sqlite3.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/sqlite_check.h"

namespace glimpse::storage {

Transaction::Transaction(Database& database)
    : database_(&database), is_nested_(database.is_in_transaction()) {
  database.execute(is_nested_ ? "SAVEPOINT inner" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!is_open_) {
    return;
  }
  database_->count_rollback();
  // A full disk makes SQLite roll back on its own; then there is nothing left to undo.
  if (database_->is_in_transaction()) {
    const char* undo = is_nested_ ? "ROLLBACK TO inner; RELEASE inner" : "ROLLBACK";
    sqlite3_exec(database_->handle(), undo, nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  const char* finish = is_nested_ ? "RELEASE inner" : "COMMIT";
  check_sqlite(sqlite3_exec(database_->handle(), finish, nullptr, nullptr, nullptr),
               database_->handle(),
               database_->path(),
               "commit");
  is_open_ = false;
}

}  // namespace glimpse::storage
