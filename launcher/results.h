#pragma once

// What reading commands ask of a results folder. The database is opened read-only, and only through
// its public views.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/env.h"
#include "reports/reading/query_table.h"
#include "storage/sqlite/query.h"

namespace glimpse::launcher {

std::filesystem::path database_path(const Settings& settings);
bool has_database(const Settings& settings);

// Throws StorageError (kMissing) that says what to do where there is no database yet.
storage::Query open_results(const Settings& settings, const storage::QueryLimits& limits = {});

using reports::query_table;
using reports::to_cell;

// Names of the first column, or nothing where there is no database.
std::vector<std::string> query_names(const Settings& settings, std::string_view sql);

// The id of the only run that begins so. Throws UsageError: a run that nobody knows, or that could
// be any of several, is a matter of the command line.
std::string pick_run(const std::string& given, storage::Query& results);

}  // namespace glimpse::launcher
