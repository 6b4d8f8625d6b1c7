#pragma once

// Takes a user's own HDF5 file over into ours: groups train, valid and test, each with `images`
// (uint8, N x height x width) and `labels` (whole numbers 0..9, N x n or just N). What is accepted
// is read in pieces, so memory does not grow with the file.
//
// The HDF5 library reads the file as it is, and some damaged files crash it: callers that must live
// on import in a process of its own.

#include <filesystem>

#include "storage/hdf5/dataset_info.h"

namespace glimpse::storage {

// `facts` give recipe, identity, texts and provenance; shapes and hashes come from the file. Throws
// StorageError with what is missing or of the wrong kind, and then leaves nothing at `to`.
DatasetInfo import_dataset(const std::filesystem::path& from,
                           const std::filesystem::path& to,
                           const DatasetInfo& facts);

}  // namespace glimpse::storage
