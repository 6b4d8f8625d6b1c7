#pragma once

// A dataset in memory: cluttered sequences of built-in digits, drawn when it is made.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "experiments/model_table.h"
#include "experiments/recipes/sequence_recipe.h"
#include "storage/hdf5/dataset_reader.h"

namespace glimpse::worker {

class TinyData {
 public:
  explicit TinyData(const experiments::DatasetSpec& spec) : spec_(spec) {
    const auto digits = std::make_shared<experiments::DigitSet>(
        experiments::make_builtin_digits(spec.digit_side, 1, {2000, 500, 500}));
    const experiments::SequenceRecipe recipe(spec, digits);
    for (const experiments::Split split : experiments::kSplits) {
      const std::size_t index = experiments::split_index(split);
      const std::uint32_t count = recipe.count(split);
      images_.at(index).resize(count * recipe.image_bytes());
      labels_.at(index).resize(count * recipe.labels_per_image());
      recipe.render(split, 0, count, images_.at(index), labels_.at(index));
    }
  }

  [[nodiscard]] const experiments::DatasetSpec& spec() const { return spec_; }
  [[nodiscard]] std::array<storage::SplitData, 3> splits() const {
    std::array<storage::SplitData, 3> splits;
    for (std::size_t i = 0; i < splits.size(); ++i) {
      splits.at(i) = {.count = labels_.at(i).size() / static_cast<std::size_t>(spec_.digits),
                      .images = std::as_bytes(std::span(images_.at(i))),
                      .labels = std::as_bytes(std::span(labels_.at(i)))};
    }
    return splits;
  }

 private:
  experiments::DatasetSpec spec_;
  std::array<std::vector<std::uint8_t>, 3> images_;
  std::array<std::vector<std::uint8_t>, 3> labels_;
};

// Two small digits without clutter on a canvas that every network can read.
inline experiments::DatasetSpec tiny_spec() {
  return {.source = experiments::DigitSourceKind::kBuiltin,
          .width = 40,
          .height = 44,
          .digits = 2,
          .digit_side = 16,
          .patches = 0,
          .train = 120,
          .valid = 40,
          .test = 40};
}

// The parameters of a model that can read such images: glimpses need 18 pixels a side.
inline experiments::Assignment tiny_parameters(const std::string& model,
                                               experiments::Assignment given = {}) {
  given.emplace("model", model);
  if (model != "conv") {
    given.emplace("downsample", 2.0);
  }
  return experiments::resolve(given);
}

}  // namespace glimpse::worker
