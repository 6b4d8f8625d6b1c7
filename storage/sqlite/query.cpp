#include "storage/sqlite/query.h"

#include <algorithm>
#include <array>

#include <sqlite3.h>

#include "storage/sqlite/schema.h"
#include "storage/sqlite/sqlite_check.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

using Clock = std::chrono::steady_clock;

// Between two looks at the clock, in steps of SQLite's machine; a look costs less than one step.
constexpr int kStepsPerCheck = 100;

struct Limit {
  int id;
  int value;
};

// A function over texts runs without a look at the clock, so texts are kept short enough that even
// instr() over two of them ends in seconds. Nothing of ours comes near.
constexpr std::array<Limit, 10> kLimits = {{
    {SQLITE_LIMIT_LENGTH, 1 << 20},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 18},
    {SQLITE_LIMIT_COLUMN, 2000},
    {SQLITE_LIMIT_EXPR_DEPTH, 200},
    {SQLITE_LIMIT_COMPOUND_SELECT, 50},
    {SQLITE_LIMIT_VDBE_OP, 1'000'000},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
}};

// load_extension runs foreign code, fts3_tokenizer takes and gives addresses. One call of the
// others can run for hours, in which SQLite looks at no clock: printf('%.*c', 2000000000, 'x').
constexpr std::array<const char*, 7> kRefusedFunctions = {
    "load_extension", "fts3_tokenizer", "printf", "format", "trim", "ltrim", "rtrim"};

// Our own views print times; what is within a view is none of the query's doing.
bool is_harmless_function(const char* name, const char* view) {
  return view != nullptr ||
         std::none_of(kRefusedFunctions.begin(), kRefusedFunctions.end(), [&](const char* refused) {
           return sqlite3_stricmp(name, refused) == 0;
         });
}

int authorize(void* /*context*/,
              int action,
              const char* /*first*/,
              const char* second,
              const char* /*database*/,
              const char* view) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return is_harmless_function(second, view) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

int is_late(void* deadline) {
  return Clock::now() > *static_cast<const Clock::time_point*>(deadline) ? 1 : 0;
}

// Holds SQLite's memory bound and the clock for as long as one query runs.
class Guard {
 public:
  Guard(sqlite3* handle, const QueryLimits& limits)
      : handle_(handle),
        deadline_(Clock::now() + limits.time),
        old_bound_(sqlite3_hard_heap_limit64(limits.memory_bytes > 0 ? limits.memory_bytes : -1)) {
    sqlite3_progress_handler(handle_, kStepsPerCheck, is_late, &deadline_);
  }
  ~Guard() {
    sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
    sqlite3_hard_heap_limit64(old_bound_);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  Guard(Guard&&) = delete;
  Guard& operator=(Guard&&) = delete;

  [[nodiscard]] bool is_over() const { return Clock::now() > deadline_; }

 private:
  sqlite3* handle_;
  Clock::time_point deadline_;
  std::int64_t old_bound_;
};

std::vector<std::string> column_names(const Statement& statement) {
  std::vector<std::string> names;
  for (int i = 0; i < sqlite3_column_count(statement.handle()); ++i) {
    const char* name = sqlite3_column_name(statement.handle(), i);
    names.emplace_back(name == nullptr ? "" : name);
  }
  return names;
}

void bind_value(Statement& statement, int index, const QueryValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    statement.bind(index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement.bind(index, std::string_view(*text));
  } else {
    statement.bind(index, nullptr);
  }
}

// A parameter may be written :name, @name or $name.
bool is_named(const char* parameter, const std::string& name) {
  return parameter != nullptr && parameter[0] != '?' && name == parameter + 1;
}

}  // namespace

Query::Query(const std::filesystem::path& path, QueryLimits limits)
    : database_(path, OpenMode::kReadOnly), limits_(limits) {
  check_schema_is_current(database_);
  for (const Limit& limit : kLimits) {
    sqlite3_limit(database_.handle(), limit.id, limit.value);
  }
  // The table functions for JSON are made at their first use, by steps that the authorizer refuses.
  Statement(database_, "SELECT 1 FROM json_each('[]'), json_tree('[]')").execute();
  check_sqlite(sqlite3_set_authorizer(database_.handle(), authorize, nullptr),
               database_.handle(),
               path,
               "restrict queries");
}

void Query::run(std::string_view sql, std::span<const QueryParameter> parameters, QuerySink& sink) {
  const Guard guard(database_.handle(), limits_);
  try {
    Statement statement(database_, sql);
    bind(statement, parameters);
    stream(statement, sink);
  } catch (const StorageError& error) {
    const int code = sqlite3_errcode(database_.handle()) & 0xff;
    if (code == SQLITE_INTERRUPT && guard.is_over()) {
      refuse("stopped after " + std::to_string(limits_.time.count()) +
             " ms (give it more with --time-limit, or ask for less)");
    }
    if (code == SQLITE_NOMEM) {
      refuse("it needs more memory than a query may have");
    }
    if (code == SQLITE_AUTH) {
      refuse(std::string("queries may only read, with functions that end soon: ") +
             sqlite3_errmsg(database_.handle()));
    }
    throw;
  }
}

void Query::bind(Statement& statement, std::span<const QueryParameter> parameters) const {
  std::vector<bool> is_used(parameters.size());
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement.handle()); ++i) {
    const char* wanted = sqlite3_bind_parameter_name(statement.handle(), i);
    const auto found =
        std::find_if(parameters.begin(), parameters.end(), [&](const QueryParameter& parameter) {
          return is_named(wanted, parameter.name);
        });
    if (found == parameters.end()) {
      refuse(std::string("no value for parameter ") + (wanted == nullptr ? "?" : wanted) +
             " (give -p NAME=VALUE)");
    }
    bind_value(statement, i, found->value);
    is_used[static_cast<std::size_t>(found - parameters.begin())] = true;
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!is_used[i]) {
      refuse("the text has no parameter :" + parameters[i].name);
    }
  }
}

void Query::stream(Statement& statement, QuerySink& sink) const {
  const std::vector<std::string> names = column_names(statement);
  std::vector<Cell> cells(names.size());
  std::int64_t count = 0;
  Rows rows(statement);
  sink.columns(names);
  while (rows.next()) {
    if (++count > limits_.rows) {
      refuse("more than " + std::to_string(limits_.rows) +
             " rows (give --limit-rows, or LIMIT in the text)");
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells[i] = rows.cell(static_cast<int>(i));
    }
    sink.row(cells);
  }
}

void Query::refuse(const std::string& why) const {
  throw StorageError(
      StorageFault::kRefused, database_.path(), "query " + database_.path().string() + ": " + why);
}

}  // namespace glimpse::storage
