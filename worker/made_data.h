#pragma once

// A dataset in memory: cluttered sequences of built-in digits, drawn when it is made. For measuring
// and testing without a file. Never changes; any thread may read it.

#include <array>
#include <cstdint>
#include <vector>

#include "experiments/dataset_spec.h"
#include "storage/hdf5/dataset_reader.h"

namespace glimpse::worker {

class MadeData {
 public:
  // Throws StudyError where the spec leaves no room for its digits or clutter.
  explicit MadeData(const experiments::DatasetSpec& spec);

  [[nodiscard]] const experiments::DatasetSpec& spec() const { return spec_; }
  // Valid as long as this object.
  [[nodiscard]] std::array<storage::SplitData, 3> splits() const;

 private:
  experiments::DatasetSpec spec_;
  std::array<std::vector<std::uint8_t>, 3> images_;
  std::array<std::vector<std::uint8_t>, 3> labels_;
};

}  // namespace glimpse::worker
