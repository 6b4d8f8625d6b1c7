#include "launcher/results.h"

#include "experiments/hash/sha256.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "storage/sqlite/ledger_reader.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using reports::TextTable;
using storage::QueryParameter;

class TableSink : public storage::QuerySink {
 public:
  void columns(std::span<const std::string> names) override {
    table_.columns.assign(names.begin(), names.end());
  }
  void row(std::span<const storage::Cell> cells) override {
    reports::Row row;
    for (const storage::Cell& cell : cells) {
      row.push_back(to_cell(cell));
    }
    table_.rows.push_back(std::move(row));
  }
  [[nodiscard]] TextTable take() { return std::move(table_); }

 private:
  TextTable table_;
};

struct ToCell {
  reports::Cell operator()(std::monostate) const { return std::monostate(); }
  reports::Cell operator()(std::int64_t number) const { return number; }
  reports::Cell operator()(double number) const { return number; }
  reports::Cell operator()(std::string_view text) const { return std::string(text); }
  reports::Cell operator()(std::span<const std::byte> bytes) const {
    std::string text;
    for (const std::byte byte : bytes) {
      const std::uint8_t value = std::to_integer<std::uint8_t>(byte);
      text += experiments::hex({&value, 1});
    }
    return text;
  }
};

}  // namespace

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

reports::Cell to_cell(const storage::Cell& cell) {
  return std::visit(ToCell(), cell);
}

TextTable query_table(storage::Query& query,
                      std::string_view sql,
                      const std::vector<QueryParameter>& parameters) {
  TableSink sink;
  query.run(sql, parameters, sink);
  return sink.take();
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
