#include "storage/sqlite/transaction.h"

#include <stdexcept>

#include <sqlite3.h>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace glimpse::storage {
namespace {

void check_parts(const Database& database) {
  if (database.lacks_a_part()) {
    throw std::logic_error("commit: a part of the transaction was not committed");
  }
}

// A full disk makes SQLite roll back on its own; then there is nothing left to undo.
void undo(Database& database, const char* how) noexcept {
  database.count_rollback();
  if (database.is_in_transaction()) {
    sqlite3_exec(database.handle(), how, nullptr, nullptr, nullptr);
  }
  database.set_lacks_a_part(false);
}

}  // namespace

Transaction::Transaction(Database& database)
    : database_(&database), is_part_(database.is_in_transaction()) {
  if (!is_part_) {
    database.execute("BEGIN IMMEDIATE");
  }
}

Transaction::~Transaction() {
  if (is_open_ && is_part_) {
    database_->set_lacks_a_part(true);
  } else if (is_open_) {
    undo(*database_, "ROLLBACK");
  }
}

void Transaction::commit() {
  if (!is_part_) {
    check_parts(*database_);
    database_->execute("COMMIT", "commit");
  }
  is_open_ = false;
}

Savepoint::Savepoint(Database& database) : database_(&database) {
  database.prepared("SAVEPOINT part").execute();
}

Savepoint::~Savepoint() {
  if (is_open_) {
    undo(*database_, "ROLLBACK TO part; RELEASE part");
  }
}

void Savepoint::commit() {
  check_parts(*database_);
  database_->prepared("RELEASE part").execute();
  is_open_ = false;
}

}  // namespace glimpse::storage
