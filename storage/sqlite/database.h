#pragma once

// One connection to a SQLite file, with time-out, journal mode and durability set in one place. It
// owns the connection and the statements prepared through it. One thread at a time may use it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace glimpse::storage {

class Statement;

enum class OpenMode {
  kReadOnly,   // never writes, not even a recovered journal
  kReadWrite,  // the file must be there
  kCreate,     // makes the file when it is missing
};

class Database {
 public:
  Database(std::filesystem::path path, OpenMode mode);
  // Rolls back what is open. Writers call close() or close_cleanly(), which can tell of errors.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  Database(Database&&) = delete;
  Database& operator=(Database&&) = delete;

  // Runs one or more statements that return nothing of interest. `what` begins an error.
  void execute(const std::string& sql, std::string_view what = "change results");

  // The statement for this text, prepared at its first use. The reference lives as long as the
  // connection does.
  Statement& prepared(std::string_view sql);

  void close();
  // Folds the write-ahead log into the file and leaves the mode that needs no side files, so that
  // somebody without write permission can open it. False when a reader still has it open: then the
  // log stays, which is safe but needs a writable folder to be read.
  bool close_cleanly();

  [[nodiscard]] bool is_in_transaction() const;
  [[nodiscard]] std::int64_t last_insert_id() const;
  [[nodiscard]] std::int64_t changed_rows() const;  // of the last statement

  // Grows with every rollback. Who keeps ids of rows outside the database drops them when it moved.
  [[nodiscard]] std::uint64_t rollbacks() const { return rollbacks_; }
  void count_rollback() noexcept { ++rollbacks_; }
  // Whether a part of the transaction was given up, so that it must not be committed.
  [[nodiscard]] bool lacks_a_part() const { return lacks_a_part_; }
  void set_lacks_a_part(bool lacks) noexcept { lacks_a_part_ = lacks; }

  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };

  void set_up_connection(OpenMode mode);

  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_;
  std::uint64_t rollbacks_ = 0;
  bool lacks_a_part_ = false;
};

}  // namespace glimpse::storage
