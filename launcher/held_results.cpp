#include "launcher/held_results.h"

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "launcher/as_output.h"
#include "launcher/attempt_folders.h"
#include "storage/files/file_io.h"
#include "storage/files/file_system.h"
#include "storage/sqlite/attempt_moves.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

storage::FileLock lock_folder(const storage::ResultsFolder& results, const std::string& refusal) {
  auto lock = as_output([&] {
    storage::make_folders(results.root());
    return storage::FileLock::try_acquire(results.lock());
  });
  if (!lock) {
    throw storage::StorageError(storage::StorageFault::kBusy, results.lock(), refusal);
  }
  return std::move(*lock);
}

}  // namespace

LocalFolder::LocalFolder() : path_(fs::temp_directory_path() / "glimpse-results-XXXXXX") {
  std::string name = path_.string();
  if (mkdtemp(name.data()) == nullptr) {
    storage::throw_system_error("make a folder for a copy of the results", name, errno);
  }
  path_ = name;
}

LocalFolder::~LocalFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

HeldResults::HeldResults(storage::ResultsFolder results, Hold hold, const std::string& refusal)
    : results_(std::move(results)), hold_(hold) {
  if (hold_ == Hold::kForWriting) {
    lock_ = lock_folder(results_, refusal);
  }
  if (hold_ == Hold::kCopy || storage::file_system_of(results_.root()).is_network) {
    local_.emplace();
  }
  placement_ = storage::pick_placement(
      results_.root(), local_.has_value(), local_ ? local_->path() : fs::path());
  storage::restore_snapshot(placement_);
  store_ = std::make_unique<storage::ResultsStore>(placement_.live);
  settle_folders();
}

void HeldResults::publish() const {
  if (hold_ == Hold::kForWriting && placement_.snapshot) {
    storage::publish_snapshot(placement_.live, *placement_.snapshot);
  }
}

void HeldResults::settle_folders() {
  if (hold_ == Hold::kCopy) {
    storage::AttemptMoves(store_->database()).clear();  // a copy has no folders
  } else {
    finish_moves(store_->database(), results_, [this] { publish(); });
  }
}

}  // namespace glimpse::launcher
