#pragma once

// Opens a dataset that DatasetWriter made, read-only, and maps its arrays into memory. The seal is
// checked before HDF5 looks at the file; then shapes, places and hashes that HDF5 reports must be
// those of the seal and of each other.
//
// Opening is for one thread at a time (see hdf5_handle.h). An open reader may be used by any number
// of threads; what load() hands out is valid for as long as the reader lives. Errors are
// StorageError, naming the file.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "storage/files/mapped_file.h"
#include "storage/hdf5/dataset_info.h"
#include "storage/hdf5/dataset_seal.h"

namespace glimpse::storage {

enum class HashCheck { kVerify, kSkip };

struct SplitData {
  std::uint64_t count = 0;
  std::span<const std::byte> images;  // image after image, rows from the top
  std::span<const std::byte> labels;  // each 0..9
};

class DatasetReader {
 public:
  explicit DatasetReader(const std::filesystem::path& path);

  [[nodiscard]] const DatasetInfo& info() const { return info_; }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

  // Verifying reads every byte once, which also brings the split into memory. Labels are checked
  // either way.
  [[nodiscard]] SplitData load(std::size_t split, HashCheck check = HashCheck::kVerify) const&;
  SplitData load(std::size_t split, HashCheck check = HashCheck::kVerify) && = delete;

 private:
  [[nodiscard]] std::span<const std::byte> array(std::size_t number) const;

  MappedFile file_;
  Seal seal_;
  DatasetInfo info_;
};

// Checks every hash of a file and gives back what the file says of itself; throws where one does
// not hold. Whether that is the dataset somebody wants is for the caller to ask.
DatasetInfo verify_dataset(const std::filesystem::path& path);

}  // namespace glimpse::storage
