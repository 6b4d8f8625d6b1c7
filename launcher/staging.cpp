#include "launcher/staging.h"

#include <cstddef>
#include <span>
#include <system_error>

#include "launcher/dataset_lock.h"
#include "launcher/dataset_store.h"
#include "storage/files/atomic_file.h"
#include "storage/files/file_io.h"
#include "storage/hdf5/dataset_reader.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using storage::StorageError;

constexpr std::size_t kBlock = std::size_t{1} << 20;

void copy_bytes(const fs::path& from, storage::AtomicFile& to, const Interruption& interruption) {
  const storage::FileDescriptor file = storage::open_plain_file(from);
  std::vector<std::byte> block(kBlock);
  while (true) {
    const std::size_t size = storage::read_some(file, block, from);
    if (size == 0) {
      return;
    }
    to.write(std::span<const std::byte>(block).first(size));
    interruption.check();
  }
}

// Nothing is flushed: what a power cut leaves is checked before it is used.
void make_copy(const fs::path& dataset,
               const fs::path& copy,
               const std::string& identity,
               const Interruption& interruption) {
  storage::AtomicFile file(copy, {.permissions = 0, .is_durable = false});
  copy_bytes(dataset, file, interruption);
  check_dataset_identity(copy, storage::verify_dataset(file.temporary_path()), identity);
  file.commit();
}

bool is_right(const fs::path& copy, const std::string& identity, Log& log) {
  std::error_code ignored;
  if (!fs::exists(copy, ignored)) {
    return false;
  }
  try {
    check_dataset_identity(copy, storage::verify_dataset(copy), identity);
    return true;
  } catch (const StorageError& error) {
    log.warn(std::string(error.what()) + "; it is copied again");
    return false;
  }
}

}  // namespace

fs::path stage_dataset(const fs::path& dataset,
                       const fs::path& folder,
                       const Interruption& interruption,
                       Log& log) {
  fs::path copy = folder / dataset.filename();
  try {
    const std::string identity = storage::DatasetReader(dataset).info().identity;
    storage::make_folders(folder);
    const storage::FileLock lock = wait_for_dataset(copy, interruption, log);
    remove_leftovers(copy);
    if (!is_right(copy, identity, log)) {
      make_copy(dataset, copy, identity, interruption);
    }
    return copy;
  } catch (const StorageError& error) {
    log.warn("stage " + dataset.string() + ": " + error.what() + "; trials read the original");
    return dataset;
  }
}

StagedDatasets stage_datasets(const std::vector<fs::path>& datasets,
                              const fs::path& folder,
                              const Interruption& interruption,
                              Log& log) {
  StagedDatasets staged;
  for (const fs::path& dataset : datasets) {
    staged.emplace(dataset.string(), stage_dataset(dataset, folder, interruption, log).string());
  }
  return staged;
}

}  // namespace glimpse::launcher
