#pragma once

// Answers SQL written by anybody. The connection is read-only, an authorizer lets nothing through
// but reading, text sizes are bounded, and time, rows and memory are where that is asked for. One
// thread uses a Query.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "storage/sqlite/database.h"
#include "storage/sqlite/statement.h"

namespace glimpse::storage {

// What is left out is not limited: SQL of our own may ask for all there is.
struct QueryLimits {
  // The clock is looked at between steps of SQLite, of which one may take seconds.
  std::optional<std::chrono::milliseconds> time = {};
  std::optional<std::int64_t> rows = {};
  // SQLite counts memory per process, so this bounds all of its connections while a query runs.
  std::optional<std::int64_t> memory_bytes = {};
};

using QueryValue = std::variant<std::monostate, std::int64_t, double, std::string>;

struct QueryParameter {
  std::string name = {};  // without the leading ':'
  QueryValue value = {};
};

class QuerySink {
 public:
  virtual ~QuerySink() = default;
  QuerySink(const QuerySink&) = default;
  QuerySink& operator=(const QuerySink&) = default;
  QuerySink(QuerySink&&) = default;
  QuerySink& operator=(QuerySink&&) = default;

  virtual void columns(std::span<const std::string> names) = 0;
  // Cells hold until this returns.
  virtual void row(std::span<const Cell> cells) = 0;

 protected:
  QuerySink() = default;
};

class Query {
 public:
  explicit Query(const std::filesystem::path& path, QueryLimits limits = {});

  // Throws StorageError (kRefused) for what is not allowed, not SQL, or past a limit; rows given
  // to the sink before that stay given. Every parameter of the text must be named in `parameters`
  // and every one of those must occur in it.
  void run(std::string_view sql, std::span<const QueryParameter> parameters, QuerySink& sink);

  [[nodiscard]] Database& database() { return database_; }

 private:
  void bind(Statement& statement, std::span<const QueryParameter> parameters) const;
  void stream(Statement& statement, QuerySink& sink) const;
  [[noreturn]] void refuse(const std::string& why) const;

  Database database_;
  QueryLimits limits_;
};

// Why a query that was over its time ended.
std::string render_late(std::chrono::milliseconds limit);

// The text of a query with a row per run of the study's newest revision and a column per parameter.
// Where a parameter's name equals one of the other columns it is called "parameters.NAME".
std::string render_wide_query(Database& database, std::string_view study);

}  // namespace glimpse::storage
