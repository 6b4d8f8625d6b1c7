#include "storage/sqlite/transaction.h"

#include <sqlite3.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace glimpse::storage {

Transaction::Transaction(Database& database)
    : database_(&database), is_nested_(database.is_in_transaction()) {
  if (is_nested_) {
    database.prepared("SAVEPOINT inner").execute();
  } else {
    database.execute("BEGIN IMMEDIATE");
  }
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
  // Every job of a group is one within another, so that text is not parsed each time.
  if (is_nested_) {
    database_->prepared("RELEASE inner").execute();
  } else {
    database_->execute("COMMIT", "commit");
  }
  is_open_ = false;
}

}  // namespace glimpse::storage
