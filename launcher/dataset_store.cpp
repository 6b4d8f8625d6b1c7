#include "launcher/dataset_store.h"

#include <algorithm>
#include <array>

#include <fcntl.h>

#include "experiments/hash/sha256.h"
#include "experiments/nearest.h"
#include "launcher/results_folder.h"
#include "launcher/usage_error.h"
#include "storage/files/file_io.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

// "3f9a..." of "cluttered-sequences-3f9a....h5".
std::string hash_part(const std::string& stem) {
  return stem.substr(stem.rfind('-') + 1);
}

bool is_meant(const std::string& given, const fs::path& file) {
  const std::string stem = file.stem().string();
  return file.filename() == given || stem.starts_with(given) || hash_part(stem).starts_with(given);
}

[[noreturn]] void refuse(const std::string& given,
                         const std::vector<std::string>& names,
                         const std::vector<std::string>& matches,
                         const Settings& settings) {
  if (matches.empty()) {
    throw UsageError("dataset '" + given + "': neither a file nor in " + settings.results.value +
                     "/data" + experiments::did_you_mean(given, names) +
                     " ('glimpse dataset list' shows what is there)");
  }
  std::string listed;
  for (const std::string& name : matches) {
    listed += (listed.empty() ? "" : ", ") + name;
  }
  throw UsageError("dataset '" + given + "': could be any of " + listed);
}

[[noreturn]] void refuse_other_dataset(const fs::path& file, const storage::DatasetInfo& info) {
  throw storage::StorageError(
      storage::StorageFault::kDamaged,
      file,
      "open dataset " + file.string() + ": it holds another dataset than its name says, " +
          storage::dataset_file_name(info.recipe, info.identity) + " (rename or delete it)");
}

bool is_stored(const fs::path& file, const Settings& settings) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  return fs::equivalent(folder, results_folder(settings).data(), ignored);
}

}  // namespace

void check_dataset_identity(const fs::path& file,
                            const storage::DatasetInfo& info,
                            const std::string& identity) {
  if (info.identity != identity) {
    refuse_other_dataset(file, info);
  }
}

void check_dataset_name(const fs::path& file,
                        const storage::DatasetInfo& info,
                        const Settings& settings) {
  const std::string name = storage::dataset_file_name(info.recipe, info.identity);
  if (is_stored(file, settings) && file.filename() != name) {
    refuse_other_dataset(file, info);
  }
}

std::vector<fs::path> list_dataset_files(const storage::ResultsFolder& results) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(results.data(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".h5") {
      files.push_back(entry->path());
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    storage::throw_system_error("list", results.data(), error.value());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> known_datasets(const Settings& settings) {
  std::vector<std::string> names;
  for (const fs::path& file : list_dataset_files(results_folder(settings))) {
    names.push_back(file.stem().string());
  }
  return names;
}

fs::path find_dataset(const std::string& given, const Settings& settings) {
  std::error_code ignored;
  if (fs::is_regular_file(given, ignored)) {
    return given;
  }
  if (given.find('/') != std::string::npos) {
    throw storage::StorageError(
        storage::StorageFault::kMissing, given, "open dataset " + given + ": no such file");
  }
  std::vector<fs::path> found;
  std::vector<std::string> matches;
  for (const fs::path& file : list_dataset_files(results_folder(settings))) {
    if (!given.empty() && is_meant(given, file)) {
      found.push_back(file);
      matches.push_back(file.stem().string());
    }
  }
  if (found.size() != 1) {
    refuse(given, known_datasets(settings), matches, settings);
  }
  return found.front();
}

std::string hash_file(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    return {};
  }
  const storage::FileDescriptor file = storage::open_file(path, O_RDONLY);
  experiments::Sha256 hash;
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  while (const std::size_t got = storage::read_some(file, buffer, path)) {
    hash.update(std::span(buffer).first(got));
  }
  return experiments::hex(hash.finish());
}

}  // namespace glimpse::launcher
