#pragma once

// A results folder that a verb changes by itself, without a coordinator: its lock, and its database
// where it may be written to. On a network file system that is a copy on this node, from which the
// folder's own is replaced. One thread; everything is given back with the object.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "storage/files/file_lock.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/results_store.h"
#include "storage/sqlite/snapshot.h"

namespace glimpse::launcher {

// A folder of its own on a disk of this node or wherever else, gone with the object.
class LocalFolder {
 public:
  explicit LocalFolder(
      const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~LocalFolder();
  LocalFolder(const LocalFolder&) = delete;
  LocalFolder& operator=(const LocalFolder&) = delete;
  LocalFolder(LocalFolder&&) = delete;
  LocalFolder& operator=(LocalFolder&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Who holds the folder's lock may write to it. `refusal` says why nobody else may, where somebody
// does: StorageError (kBusy). The folder is made where it is missing.
storage::FileLock lock_folder(const storage::ResultsFolder& results,
                              const std::function<std::string()>& refusal);

// Where the database of a locked folder lies while it is written to.
class LiveDatabase {
 public:
  // Brings back what was published last, where that is not the database itself.
  explicit LiveDatabase(const storage::ResultsFolder& results, bool is_copy = false);

  [[nodiscard]] const std::filesystem::path& database() const { return placement_.live; }
  // Whether others see it only once it is published.
  [[nodiscard]] bool is_published() const { return placement_.snapshot.has_value(); }
  // Any thread.
  void publish() const;

 private:
  std::optional<LocalFolder> local_;
  storage::Placement placement_;
};

enum class Hold {
  kForWriting,
  kCopy  // without a lock; nothing of the folder is changed
};

class HeldResults {
 public:
  // Throws StorageError (kBusy) where somebody holds the folder; `refusal` is what that line says.
  HeldResults(storage::ResultsFolder results, Hold hold, const std::string& refusal);

  [[nodiscard]] const storage::ResultsFolder& folder() const { return results_; }
  [[nodiscard]] const std::filesystem::path& database() const { return live_.database(); }
  [[nodiscard]] storage::ResultsStore& store() { return *store_; }
  // Makes what was committed as durable, and as visible to others, as files in the folder are.
  void publish() const;
  // Brings folders of attempts to where a merge says they are.
  void settle_folders();
  void close() { store_->database().close_cleanly(); }

 private:
  storage::ResultsFolder results_;
  Hold hold_;
  std::optional<storage::FileLock> lock_;
  LiveDatabase live_;
  std::unique_ptr<storage::ResultsStore> store_;
};

}  // namespace glimpse::launcher
