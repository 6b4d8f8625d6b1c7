#pragma once

// Writes a dataset file: once, whole or not at all. Images come in any number of pieces, each split
// in order; hashes are taken while they pass. The file appears under its name, flushed and
// read-only, when commit() returns; before that, and after any failure, nothing of it is left. Two
// processes may build the same dataset at once: each works under a name of its own, and the last
// rename puts equal bytes over equal bytes.
//
// One thread at a time. Errors are StorageError, naming the file.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "storage/files/atomic_file.h"
#include "storage/files/xxh3.h"
#include "storage/hdf5/dataset_info.h"
#include "storage/hdf5/dataset_seal.h"

namespace glimpse::storage {

class DatasetWriter {
 public:
  // The hashes in `info` are not read.
  DatasetWriter(const std::filesystem::path& path, const DatasetInfo& info);

  // The next images of a split with their labels. Throws std::invalid_argument for bytes that are
  // no whole images, labels past 9, or more images than announced.
  void append(std::size_t split,
              std::span<const std::uint8_t> images,
              std::span<const std::uint8_t> labels);

  // Throws std::invalid_argument where images are missing. Flushing to disk can take seconds.
  DatasetInfo commit();

 private:
  struct Progress {
    std::uint64_t count = 0;
    Xxh3 images;
    Xxh3 labels;
  };

  DatasetInfo info_;
  AtomicFile file_;
  Extents extents_;
  std::array<Progress, 3> progress_;
};

}  // namespace glimpse::storage
