#pragma once

// All or nothing. Both kinds roll back unless commit() is reached, and end in the reverse order of
// their beginning.

namespace glimpse::storage {

class Database;

// Takes the write lock at once. Inside another one it is a part of that, so functions that need one
// can be put together into a bigger one; where a part is not committed the whole cannot be either,
// and says so with a std::logic_error.
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
  bool is_part_;
  bool is_open_ = true;
};

// A part of a transaction that can be undone alone, which costs a copy of every page it changes.
class Savepoint {
 public:
  explicit Savepoint(Database& database);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  Savepoint(Savepoint&&) = delete;
  Savepoint& operator=(Savepoint&&) = delete;

  void commit();

 private:
  Database* database_;
  bool is_open_ = true;
};

}  // namespace glimpse::storage
