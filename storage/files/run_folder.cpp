#include "storage/files/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include <sys/stat.h>

#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kTrialFile = "trial.json";
constexpr std::string_view kAttemptPrefix = "attempt-";
constexpr std::size_t kMaxTrialBytes = std::size_t{4} * 1024 * 1024;

bool is_hex(std::string_view text) {
  return text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

void check(bool is_right, const fs::path& root, std::string_view what, std::string_view text) {
  if (!is_right) {
    throw StorageError(StorageFault::kRefused,
                       root,
                       "use results " + root.string() + ": not a " + std::string(what) + ": '" +
                           std::string(text.substr(0, 80)) + "'");
  }
}

// Names of the entries of a folder; none when there is no such folder.
std::vector<std::string> list_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw_system_error("list", folder, error.value());
  }
  return names;
}

std::optional<std::uint64_t> try_parse_attempt(std::string_view name) {
  if (!name.starts_with(kAttemptPrefix)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(kAttemptPrefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // Only the one spelling that attempt_folder() gives: no sign, no leading zero.
  if (error != std::errc() || end != digits.data() + digits.size() || digits.front() == '0') {
    return std::nullopt;
  }
  return number;
}

}  // namespace

bool is_path_name(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  const auto is_allowed = [&](char c) { return is_word(c) || c == '.' || c == '-'; };
  return !name.empty() && name.size() <= 64 && is_word(name.front()) &&
         std::ranges::all_of(name, is_allowed);
}

bool is_run_id(std::string_view text) {
  return text.size() == 32 && is_hex(text);
}

AttemptFolder attempt_folder(const fs::path& run, std::uint64_t attempt) {
  return {run / (std::string(kAttemptPrefix) + std::to_string(attempt))};
}

std::vector<std::uint64_t> list_attempts(const fs::path& run) {
  std::vector<std::uint64_t> attempts;
  for (const std::string& name : list_names(run)) {
    if (const auto number = try_parse_attempt(name)) {
      attempts.push_back(*number);
    }
  }
  std::ranges::sort(attempts);
  return attempts;
}

fs::path ResultsFolder::study_file(std::string_view hash) const {
  check(is_run_id(hash), root_, "study hash", hash);
  return studies() / (std::string(hash) + ".json");
}

fs::path ResultsFolder::dataset_file(std::string_view recipe, std::string_view hash) const {
  check(is_path_name(recipe), root_, "recipe name", recipe);
  check(is_run_id(hash), root_, "dataset hash", hash);
  return data() / (std::string(recipe) + "-" + std::string(hash) + ".h5");
}

fs::path ResultsFolder::run_folder(std::string_view run_id) const {
  check(is_run_id(run_id), root_, "run id", run_id);
  return root_ / "runs" / run_id.substr(0, 2) / run_id;
}

fs::path ResultsFolder::trial_file(std::string_view run_id) const {
  return run_folder(run_id) / kTrialFile;
}

AttemptFolder ResultsFolder::attempt_folder(std::string_view run_id, std::uint64_t attempt) const {
  check(attempt > 0, root_, "attempt", "0");
  return storage::attempt_folder(run_folder(run_id), attempt);
}

void ResultsFolder::write_trial(std::string_view run_id, std::string_view json) const {
  const fs::path folder = run_folder(run_id);
  const fs::path path = folder / kTrialFile;
  if (::mkdir(folder.c_str(), 0777) != 0) {
    std::error_code error;
    // An empty file is what a power cut may leave of one that was not flushed.
    if (fs::file_size(path, error) > 0 && !error) {
      return;
    }
    make_folders(folder);
  }
  write_file_atomically(path, json, {.is_durable = false});
}

std::string ResultsFolder::load_trial(std::string_view run_id) const {
  return load_text(trial_file(run_id), kMaxTrialBytes);
}

AttemptFolder ResultsFolder::make_attempt(std::string_view run_id, std::uint64_t attempt) const {
  AttemptFolder folder = attempt_folder(run_id, attempt);
  if (::mkdir(folder.path.c_str(), 0777) == 0) {
    return folder;
  }
  // The run's folder is there where its trial was written by this node.
  if (errno == ENOENT) {
    make_folders(folder.path.parent_path());
  }
  if (::mkdir(folder.path.c_str(), 0777) != 0) {
    throw_system_error("make folder", folder.path, errno);
  }
  return folder;
}

std::vector<std::uint64_t> ResultsFolder::list_attempts(std::string_view run_id) const {
  return storage::list_attempts(run_folder(run_id));
}

std::vector<std::string> ResultsFolder::list_studies() const {
  std::vector<std::string> hashes;
  for (const fs::path name : list_names(studies())) {
    if (name.extension() == ".json" && is_run_id(name.stem().string())) {
      hashes.push_back(name.stem().string());
    }
  }
  std::ranges::sort(hashes);
  return hashes;
}

std::vector<std::string> ResultsFolder::find_runs(std::string_view prefix,
                                                  std::size_t limit) const {
  check(prefix.size() <= 32 && is_hex(prefix), root_, "run id or its beginning", prefix);
  const fs::path runs = root_ / "runs";
  std::vector<std::string> groups;
  if (prefix.size() >= 2) {
    groups.emplace_back(prefix.substr(0, 2));
  } else {
    groups = list_names(runs);
    std::ranges::sort(groups);
  }
  std::vector<std::string> found;
  for (const std::string& group : groups) {
    if (found.size() >= limit || group.size() != 2 || !is_hex(group)) {
      continue;
    }
    std::vector<std::string> ids = list_names(runs / group);
    std::erase_if(ids, [&](const std::string& id) {
      return !is_run_id(id) || !id.starts_with(prefix) || !id.starts_with(group);
    });
    std::ranges::sort(ids);
    found.insert(found.end(), ids.begin(), ids.end());
  }
  found.resize(std::min(found.size(), limit));
  return found;
}

}  // namespace glimpse::storage
