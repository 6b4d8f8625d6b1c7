#pragma once

// A dataset file without its arrays' bytes: all that HDF5 itself writes, made in memory
// (hdf5_writing.h says why).

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "storage/files/mapped_file.h"
#include "storage/hdf5/dataset_info.h"
#include "storage/hdf5/dataset_seal.h"

namespace glimpse::storage {

class DatasetSkeleton {
 public:
  // Equal facts give equal bytes; equal shapes and lengths of texts give equal places. `path` is
  // for errors alone.
  DatasetSkeleton(const DatasetInfo& info, const std::filesystem::path& path);

  [[nodiscard]] const Extents& extents() const { return extents_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return file_.bytes(); }

 private:
  DatasetSkeleton(Extents extents, MappedFile file);

  Extents extents_;
  MappedFile file_;  // sparse: the arrays' places take no memory until somebody reads them
};

}  // namespace glimpse::storage
