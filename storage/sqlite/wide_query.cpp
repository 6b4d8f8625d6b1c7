#include <set>
#include <string>
#include <vector>

#include "storage/sqlite/query.h"
#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr std::string_view kFixedColumns[] = {
    "run_id", "position", "seed", "arm", "state", "outcome", "objective"};

std::string in_quotes(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char letter : text) {
    result.append(letter == quote ? 2 : 1, letter);
  }
  return result + quote;
}

// SQLite takes names that differ in the case of ASCII letters only for the same.
std::string folded(std::string_view name) {
  std::string result(name);
  for (char& letter : result) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return result;
}

std::vector<std::string> parameter_names(Database& database, std::string_view study) {
  std::vector<std::string> names;
  Rows rows = database
                  .prepared(
                      "SELECT DISTINCT j.key FROM v_plan p, json_each(p.parameters) j"
                      " WHERE p.study = ?1 ORDER BY j.key")
                  .query(study);
  while (rows.next()) {
    names.push_back(rows.text(0));
  }
  return names;
}

bool is_known(Database& database, std::string_view study) {
  return database.prepared("SELECT 1 FROM studies WHERE name = ?1 LIMIT 1")
      .find_integer(study)
      .has_value();
}

}  // namespace

std::string render_wide_query(Database& database, std::string_view study) {
  if (!is_known(database, study)) {
    throw StorageError(StorageFault::kMissing,
                       database.path(),
                       "query study '" + std::string(study) + "': no such study in " +
                           database.path().string() + " (see 'glimpse status')");
  }
  std::string sql = "SELECT ";
  std::set<std::string> taken;
  for (const std::string_view column : kFixedColumns) {
    sql += (taken.empty() ? "" : ", ") + std::string(column);
    taken.emplace(column);
  }
  for (const std::string& name : parameter_names(database, study)) {
    std::string column = name;
    while (!taken.insert(folded(column)).second) {
      column.insert(0, "parameters.");
    }
    // Not ->> with a path: a path cannot hold every name.
    sql += ",\n  (SELECT value FROM json_each(parameters) WHERE key = " + in_quotes(name, '\'') +
           ") AS " + in_quotes(column, '"');
  }
  return sql + "\nFROM v_plan WHERE study = " + in_quotes(study, '\'') +
         " ORDER BY position, run_id";
}

}  // namespace glimpse::storage
