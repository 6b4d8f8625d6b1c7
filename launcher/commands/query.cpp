#include "launcher/commands/query.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "launcher/output.h"
#include "launcher/results.h"
#include "launcher/study_source.h"
#include "launcher/usage_error.h"
#include "storage/sqlite/query.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using storage::QueryParameter;
using storage::QueryValue;
using storage::StorageError;
using storage::StorageFault;

template <class Number>
std::optional<Number> parse_number(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end ? std::optional(number) : std::nullopt;
}

QueryValue parse_value(const std::string& text) {
  if (const auto whole = parse_number<std::int64_t>(text)) {
    return *whole;
  }
  if (const auto number = parse_number<double>(text)) {
    return *number;
  }
  return text;
}

std::vector<QueryParameter> parse_parameters(const std::vector<std::string>& words) {
  std::vector<QueryParameter> parameters;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("query: -p " + word + ": expected NAME=VALUE");
    }
    const std::size_t start = word.front() == ':' ? 1 : 0;
    const std::string name = word.substr(start, equals - start);
    if (std::any_of(parameters.begin(), parameters.end(), [&](const QueryParameter& known) {
          return known.name == name;
        })) {
      throw UsageError("query: -p " + word + ": the parameter is given twice");
    }
    parameters.push_back({name, parse_value(word.substr(equals + 1))});
  }
  return parameters;
}

class Printer : public storage::QuerySink {
 public:
  Printer(const OutputOptions& output, Env& env) : output_(output), env_(env) {}

  void columns(std::span<const std::string> names) override {
    names_.assign(names.begin(), names.end());
    if (output_.is_json || output_.format == "jsonl") {
      check_names();
    }
    if (!output_.is_json) {
      writer_.emplace(env_.out, table_style(output_, env_), names_);
      return;
    }
    json_ = begin_json("query");
    json_.key("columns").begin_array();
    for (const std::string& name : names_) {
      reports::append_json_cell(json_, name);
    }
    json_.end_array().key("rows").begin_array();
  }

  void row(std::span<const storage::Cell> cells) override {
    reports::Row row;
    for (const storage::Cell& cell : cells) {
      row.push_back(to_cell(cell));
    }
    if (writer_) {
      writer_->add(row);
      return;
    }
    json_.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      json_.key(names_[i]);
      reports::append_json_cell(json_, row[i]);
    }
    json_.end_object();
  }

  void finish() {
    if (writer_) {
      writer_->finish();
    } else {
      json_.end_array();
      print_json(json_, env_);
    }
  }

 private:
  // Of two members with one name, readers of JSON keep one.
  void check_names() const {
    std::set<std::string> seen;
    for (const std::string& name : names_) {
      if (!seen.insert(name).second) {
        throw UsageError("query: two columns are called '" + name +
                         "', which JSON cannot tell apart (rename one: ... AS other_name)");
      }
    }
  }

  const OutputOptions& output_;
  Env& env_;
  std::vector<std::string> names_;
  std::optional<reports::TableWriter> writer_;
  experiments::JsonWriter json_;
};

std::string sql_of(const QueryOptions& options, storage::Query& query, const Settings& settings) {
  return options.wide.empty() ? options.sql
                              : storage::render_wide_query(
                                    query.database(), stored_study_name(options.wide, settings));
}

// The SQL is part of the command line, and so is what is wrong with it.
UsageError as_usage(const StorageError& error, storage::Query& results) {
  std::string what = error.what();
  if (what.find("no such table") != std::string::npos) {
    std::string views;
    for (const reports::Row& row :
         query_table(results, "select name from sqlite_schema where name glob 'v_*' order by name")
             .rows) {
      views += (views.empty() ? "" : ", ") + reports::render_exact(row.at(0));
    }
    what += " (there are " + views + ")";
  }
  return UsageError(what);
}

}  // namespace

int query(const QueryOptions& options, Env& env) {
  if (options.sql.empty() == options.wide.empty()) {
    throw UsageError("query: give either an SQL text or --wide STUDY");
  }
  const auto time = std::chrono::duration<double>(options.time_limit_s);
  storage::Query results =
      open_results(env.settings,
                   {.time = std::chrono::duration_cast<std::chrono::milliseconds>(time),
                    .rows = static_cast<std::int64_t>(options.max_rows)});
  const std::vector<QueryParameter> parameters = parse_parameters(options.parameters);
  Printer printer(options.output, env);
  try {
    results.run(sql_of(options, results, env.settings), parameters, printer);
  } catch (const StorageError& error) {
    if (error.fault() == StorageFault::kRefused) {
      throw as_usage(error, results);
    }
    throw;
  }
  printer.finish();
  return 0;
}

}  // namespace glimpse::launcher
