#pragma once

// All or nothing: takes the write lock at once and rolls back unless commit() is reached. Inside
// another transaction it is a savepoint, so functions that need one can be put together into a
// bigger one. Transactions end in the reverse order of their beginning.

namespace glimpse::storage {

class Database;

class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction(Transaction&&) = delete;
  Transaction& operator=(Transaction&&) = delete;

  void commit();

 private:
  Database* database_;
  bool is_nested_;
  bool is_open_ = true;
};

}  // namespace glimpse::storage
