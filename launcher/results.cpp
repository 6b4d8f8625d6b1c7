#include "launcher/results.h"

#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "storage/sqlite/ledger_reader.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {

namespace fs = std::filesystem;

fs::path database_path(const Settings& settings) {
  return results_folder(settings).database();
}

bool has_database(const Settings& settings) {
  std::error_code ignored;
  return fs::exists(database_path(settings), ignored);
}

storage::Query open_results(const Settings& settings, const storage::QueryLimits& limits) {
  if (!has_database(settings)) {
    throw storage::StorageError(storage::StorageFault::kMissing,
                                database_path(settings),
                                "open results " + settings.results.value + " (" +
                                    settings.results.origin +
                                    "): no glimpse.db there; nothing has run yet, or --results "
                                    "should name another folder");
  }
  return storage::Query(database_path(settings), limits);
}

std::vector<std::string> query_names(const Settings& settings, std::string_view sql) {
  std::vector<std::string> names;
  if (has_database(settings)) {
    storage::Query query = open_results(settings);
    for (const reports::Row& row : query_table(query, sql).rows) {
      names.push_back(reports::render_exact(row.at(0)));
    }
  }
  return names;
}

std::string pick_run(const std::string& given, storage::Query& results) {
  try {
    return storage::LedgerReader(results.database()).pick_run(given).key.substr(0, 32);
  } catch (const storage::StorageError& error) {
    using enum storage::StorageFault;
    if (error.fault() == kMissing || error.fault() == kRefused) {
      throw UsageError(error.what());
    }
    throw;
  }
}

}  // namespace glimpse::launcher
