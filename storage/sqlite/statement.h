#pragma once

// A prepared statement with typed parameters and columns. Parameters are bound by position, in the
// order of ?1, ?2, .... `Rows` resets its statement when it goes, so that no half
// read result keeps an old state of the database alive. One Rows of a statement at a time.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3_stmt;

namespace glimpse::storage {

class Database;
class Statement;

// One column of one row; text and bytes point into SQLite until the next step.
using Cell = std::
    variant<std::monostate, std::int64_t, double, std::string_view, std::span<const std::byte>>;

class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(&statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  Rows(Rows&&) = delete;
  Rows& operator=(Rows&&) = delete;

  // Moves to the next row; false at the end.
  bool next();

  [[nodiscard]] int column_count() const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
  [[nodiscard]] std::optional<double> maybe_real(int column) const;
  [[nodiscard]] Cell cell(int column) const;

 private:
  Statement* statement_;
};

class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement(Statement&&) = delete;
  Statement& operator=(Statement&&) = delete;

  // Copies text.
  template <class... Values>
  Rows query(const Values&... values) {
    bind_all(Text::kCopied, values...);
    return Rows(*this);
  }

  // For statements without rows, or whose rows do not matter.
  template <class... Values>
  void execute(const Values&... values) {
    bind_all(Text::kStays, values...);
    Rows rows(*this);
    while (rows.next()) {
    }
  }

  // The first column of the first row, for counts and look-ups.
  template <class... Values>
  std::optional<std::int64_t> find_integer(const Values&... values) {
    bind_all(Text::kStays, values...);
    Rows rows(*this);
    return rows.next() ? rows.maybe_integer(0) : std::nullopt;
  }

  // The same where there is a row, or the database is not what it should be.
  template <class... Values>
  std::int64_t get_integer(const Values&... values) {
    const std::optional<std::int64_t> found = find_integer(values...);
    if (!found) {
      throw_missing_row();
    }
    return *found;
  }

  // One parameter, for who does not know their number; text is copied.
  template <class Value>
  void bind(int index, const Value& value) {
    bind_one(index, value, Text::kCopied);
  }

  [[nodiscard]] sqlite3_stmt* handle() const { return handle_.get(); }

 private:
  friend class Rows;

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };

  enum class Text {
    kCopied,
    kStays,  // where it is until the last row has been read
  };

  template <class... Values>
  void bind_all([[maybe_unused]] Text text, const Values&... values) {
    reset();
    int index = 0;
    (bind_one(++index, values, text), ...);
  }

  void bind_one(int index, std::int64_t value, Text text);
  void bind_one(int index, double value, Text text);
  void bind_one(int index, std::string_view value, Text text);
  void bind_one(int index, std::nullptr_t, Text text);

  template <std::integral Integer>
  void bind_one(int index, Integer value, Text text) {
    bind_one(index, static_cast<std::int64_t>(value), text);
  }

  template <class Value>
  void bind_one(int index, const std::optional<Value>& value, Text text) {
    if (value) {
      bind_one(index, *value, text);
    } else {
      bind_one(index, nullptr, text);
    }
  }

  bool step();
  void reset() noexcept;
  void check(int code) const;
  [[noreturn]] void throw_missing_row() const;

  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace glimpse::storage
