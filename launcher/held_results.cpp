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

std::optional<storage::FileLock> lock_for(const storage::ResultsFolder& results,
                                          Hold hold,
                                          const std::string& refusal) {
  return hold == Hold::kForWriting ? std::optional(lock_folder(results, [&] { return refusal; }))
                                   : std::nullopt;
}

}  // namespace

LocalFolder::LocalFolder(const fs::path& parent) : path_(parent / "glimpse-results-XXXXXX") {
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

storage::FileLock lock_folder(const storage::ResultsFolder& results,
                              const std::function<std::string()>& refusal) {
  auto lock = as_output([&] {
    storage::make_folders(results.root());
    return storage::FileLock::try_acquire(results.lock());
  });
  if (!lock) {
    throw storage::StorageError(storage::StorageFault::kBusy, results.lock(), refusal());
  }
  return std::move(*lock);
}

LiveDatabase::LiveDatabase(const storage::ResultsFolder& results, bool is_copy) {
  if (is_copy || storage::file_system_of(results.root()).is_network) {
    local_.emplace();
  }
  placement_ = storage::pick_placement(
      results.root(), local_.has_value(), local_ ? local_->path() : fs::path());
  storage::restore_snapshot(placement_);
}

void LiveDatabase::publish() const {
  if (placement_.snapshot) {
    storage::publish_snapshot(placement_.live, *placement_.snapshot);
  }
}

HeldResults::HeldResults(storage::ResultsFolder results, Hold hold, const std::string& refusal)
    : results_(std::move(results)),
      hold_(hold),
      lock_(lock_for(results_, hold, refusal)),
      live_(results_, hold == Hold::kCopy),
      store_(std::make_unique<storage::ResultsStore>(live_.database())) {
  settle_folders();
}

void HeldResults::publish() const {
  if (hold_ == Hold::kForWriting) {
    live_.publish();
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
