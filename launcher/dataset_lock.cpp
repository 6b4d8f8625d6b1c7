#include "launcher/dataset_lock.h"

#include <chrono>
#include <string>
#include <system_error>
#include <thread>

#include "launcher/as_output.h"
#include "storage/files/atomic_file.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::FileLock;

constexpr auto kLookAgain = std::chrono::milliseconds(200);

fs::path lock_of(const fs::path& dataset) {
  return dataset.parent_path() / ("." + dataset.filename().string() + ".lock");
}

std::string render_builder(const std::optional<storage::LockHolder>& builder) {
  return builder ? " (process " + std::to_string(builder->pid) + " on " + builder->host + ")" : "";
}

// The dataset that a file was to become; empty for all but unfinished ones.
fs::path target_of(const fs::path& file) {
  const std::string name = file.filename().string();
  const auto target = storage::target_of_temporary(name);
  return target ? file.parent_path() / *target : fs::path();
}

// Unfinished files of a folder; none where nobody may look.
std::vector<fs::path> temporaries_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (!target_of(entry->path()).empty()) {
      files.push_back(entry->path());
    }
  }
  return files;
}

}  // namespace

FileLock wait_for_dataset(const fs::path& dataset, const Interruption& interruption, Log& log) {
  const fs::path path = lock_of(dataset);
  for (bool has_told = false;; has_told = true) {
    if (auto lock = as_output([&] { return FileLock::try_acquire(path); })) {
      return std::move(*lock);
    }
    if (!has_told) {
      log.info("waiting for another build of " + dataset.filename().string() +
               render_builder(storage::find_lock_holder(path)));
    }
    interruption.check();
    std::this_thread::sleep_for(kLookAgain);
  }
}

void remove_leftovers(const fs::path& dataset) {
  for (const fs::path& file : temporaries_in(dataset.parent_path())) {
    std::error_code ignored;
    if (target_of(file) == dataset) {
      fs::remove(file, ignored);
    }
  }
}

std::vector<UnfinishedDataset> list_unfinished(const storage::ResultsFolder& results) {
  std::vector<UnfinishedDataset> unfinished;
  for (const fs::path& file : temporaries_in(results.data())) {
    unfinished.push_back({file, storage::find_lock_holder(lock_of(target_of(file)))});
  }
  return unfinished;
}

}  // namespace glimpse::launcher
