#pragma once

// Copies the files that belong to records which a merge took over: texts of studies and folders of
// attempts. Every file appears whole, on the disk, or not at all; a merge that is repeated copies
// what is missing, and what has grown since.

#include <cstddef>
#include <filesystem>

#include "launcher/log/log.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

struct ResultFiles {
  storage::ResultsFolder folder;
  std::filesystem::path database;  // which may lie elsewhere
};

// Says how many attempts' folders got something. What is neither a plain file nor a folder stays
// where it is, with a warning. Throws StorageError (kRefused) where another attempt's folder lies
// in the place of one.
std::size_t copy_result_files(const ResultFiles& from, const ResultFiles& to, Log& log);

}  // namespace glimpse::launcher
