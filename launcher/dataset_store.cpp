#include "launcher/dataset_store.h"

#include <algorithm>
#include <array>

#include <fcntl.h>

#include "experiments/hash/sha256.h"
#include "experiments/nearest.h"
#include "launcher/usage_error.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"

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

}  // namespace

std::vector<fs::path> list_dataset_files(const storage::ResultsFolder& results) {
  std::vector<fs::path> files;
  if (!fs::is_directory(results.data())) {
    return files;
  }
  for (const auto& entry : fs::directory_iterator(results.data())) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".h5" && !storage::is_temporary_name(name)) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path find_dataset(const std::string& given, const Settings& settings) {
  if (fs::is_regular_file(given)) {
    return given;
  }
  std::vector<std::string> names;
  std::vector<fs::path> found;
  std::vector<std::string> matches;
  for (const fs::path& file : list_dataset_files(storage::ResultsFolder(settings.results_dir()))) {
    names.push_back(file.stem().string());
    if (!given.empty() && is_meant(given, file)) {
      found.push_back(file);
      matches.push_back(names.back());
    }
  }
  if (found.size() != 1) {
    refuse(given, names, matches, settings);
  }
  return found.front();
}

std::string sha256_of_file(const std::string& path) {
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
