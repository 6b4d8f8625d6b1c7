#pragma once

// The dataset files of a results folder: which are there, and which one a name means.

#include <filesystem>
#include <string>
#include <vector>

#include "launcher/settings.h"
#include "storage/files/run_folder.h"
#include "storage/hdf5/dataset_info.h"

namespace glimpse::launcher {

// Throws StorageError (kDamaged) where the file is another dataset than the one asked for.
void check_dataset_identity(const std::filesystem::path& file,
                            const storage::DatasetInfo& info,
                            const std::string& identity);
// The same for a file of the results folder, which is asked for by its name: a copy under another
// name would pass for that other dataset. Files elsewhere may have any name.
void check_dataset_name(const std::filesystem::path& file,
                        const storage::DatasetInfo& info,
                        const Settings& settings);

// Finished ones, sorted by name.
std::vector<std::filesystem::path> list_dataset_files(const storage::ResultsFolder& results);

// A path, the name of a file in the results folder or any unique start of its name or hash. Throws
// UsageError with the nearest name where there is none, or with the candidates where there are
// many, and StorageError (kMissing) for a path that leads nowhere.
std::filesystem::path find_dataset(const std::string& given, const Settings& settings);

// For completion; no error where nothing is there.
std::vector<std::string> known_datasets(const Settings& settings);

// SHA-256 in hex of a file; "" where there is no regular file of that name.
std::string hash_file(const std::string& path);

}  // namespace glimpse::launcher
