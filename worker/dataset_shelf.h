#pragma once

// The dataset a worker has open. A warm worker keeps it from trial to trial, so that only the first
// one pays for verifying it. Files of datasets are written once, so one path is one content.

#include <array>
#include <filesystem>
#include <memory>

#include "experiments/dataset_spec.h"
#include "storage/hdf5/dataset_reader.h"

namespace glimpse::worker {

class DatasetShelf {
 public:
  // Throws StorageError naming the file. References are valid until another path is opened.
  void open(const std::filesystem::path& path);

  [[nodiscard]] const storage::DatasetInfo& info() const { return reader_->info(); }
  [[nodiscard]] const std::array<storage::SplitData, 3>& splits() const { return splits_; }
  [[nodiscard]] experiments::ImageShape shape() const;

 private:
  std::unique_ptr<storage::DatasetReader> reader_;
  std::array<storage::SplitData, 3> splits_;
};

}  // namespace glimpse::worker
