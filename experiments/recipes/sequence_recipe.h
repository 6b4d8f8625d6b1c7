#pragma once

// A dataset of cluttered sequences, ready to be rendered in any order and by any number of threads
// at once: the object holds values and digits that never change.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "experiments/dataset_spec.h"
#include "experiments/recipes/digit_set.h"
#include "experiments/recipes/split.h"

namespace glimpse::experiments {

class SequenceRecipe {
 public:
  // The digits have the spec's digit_side; several recipes may share them. Throws StudyError where
  // the spec leaves no room for its digits or clutter.
  SequenceRecipe(const DatasetSpec& spec, std::shared_ptr<const DigitSet> digits);

  [[nodiscard]] const DatasetSpec& spec() const { return spec_; }
  // Images of a split that the spec asks for; render() itself knows no end.
  [[nodiscard]] std::uint32_t count(Split split) const;
  [[nodiscard]] std::size_t image_bytes() const;
  [[nodiscard]] std::size_t labels_per_image() const;

  // Images first .. first+count-1 of a split, image after image, with their labels.
  void render(Split split,
              std::uint32_t first,
              std::uint32_t count,
              std::span<std::uint8_t> images,
              std::span<std::uint8_t> labels) const;

 private:
  DatasetSpec spec_;
  std::shared_ptr<const DigitSet> digits_;
};

}  // namespace glimpse::experiments
