#pragma once

// Tells output that cannot be made from input that is not there: the system gives both the same
// reasons, but a caller (a shell script, an agent) does different things about them.

#include "storage/storage_error.h"

namespace glimpse::launcher {

// Runs `work`, which makes output and reads none of the user's input. A folder that is missing,
// read-only or no folder counts as output that cannot be made.
template <class Work>
auto as_output(const Work& work) -> decltype(work()) {
  using storage::StorageError;
  using storage::StorageFault;
  try {
    return work();
  } catch (const StorageError& error) {
    if (error.fault() == StorageFault::kMissing || error.fault() == StorageFault::kRefused) {
      throw StorageError(StorageFault::kCannotCreate, error.path(), error.what());
    }
    throw;
  }
}

}  // namespace glimpse::launcher
