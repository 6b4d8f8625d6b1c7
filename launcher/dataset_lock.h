#pragma once

// One build at a time for each dataset file: others wait for it and then find it there. What killed
// builds left of a dataset goes when the next one has the lock, since then nobody can be writing
// it. The lock is a hidden file beside the dataset; the kernel frees it however its holder dies.

#include <filesystem>
#include <optional>
#include <vector>

#include "launcher/interruption.h"
#include "launcher/log/log.h"
#include "storage/files/file_lock.h"
#include "storage/files/lock_holder.h"
#include "storage/files/run_folder.h"

namespace glimpse::launcher {

// Waits for as long as another process builds this dataset, and says so. Its folder must exist.
storage::FileLock wait_for_dataset(const std::filesystem::path& dataset,
                                   const Interruption& interruption,
                                   Log& log);

// Only for the holder of the dataset's lock.
void remove_leftovers(const std::filesystem::path& dataset);

struct UnfinishedDataset {
  std::filesystem::path path;                  // the hidden file
  std::optional<storage::LockHolder> builder;  // nothing: its build was killed
};

std::vector<UnfinishedDataset> list_unfinished(const storage::ResultsFolder& results);

}  // namespace glimpse::launcher
