#pragma once

// The dataset files of a results folder: which are there, and which one a name means.

#include <filesystem>
#include <string>
#include <vector>

#include "launcher/settings.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

// Finished ones, sorted by name.
std::vector<std::filesystem::path> list_dataset_files(const storage::ResultsFolder& results);

// A path, the name of a file in the results folder or any unique start of its name or hash. Throws
// UsageError with the nearest name where there is none, or with the candidates where there are
// many.
std::filesystem::path find_dataset(const std::string& given, const Settings& settings);

// SHA-256 in hex of a file; "" where there is no regular file of that name.
std::string sha256_of_file(const std::string& path);

}  // namespace glimpse::launcher
