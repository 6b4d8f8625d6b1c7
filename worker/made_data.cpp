#include "worker/made_data.h"

#include <memory>
#include <span>

#include "experiments/recipes/sequence_recipe.h"

namespace glimpse::worker {
namespace {

// Enough that images differ, few enough that nobody waits.
constexpr experiments::SplitCounts kDigits = {2000, 500, 500};

}  // namespace

MadeData::MadeData(const experiments::DatasetSpec& spec) : spec_(spec) {
  const auto digits = std::make_shared<experiments::DigitSet>(
      experiments::make_builtin_digits(spec.digit_side, /*threads=*/1, kDigits));
  const experiments::SequenceRecipe recipe(spec, digits);
  for (const experiments::Split split : experiments::kSplits) {
    const std::size_t index = experiments::split_index(split);
    const std::uint32_t count = recipe.count(split);
    images_.at(index).resize(count * recipe.image_bytes());
    labels_.at(index).resize(count * recipe.labels_per_image());
    recipe.render(split, 0, count, images_.at(index), labels_.at(index));
  }
}

std::array<storage::SplitData, 3> MadeData::splits() const {
  std::array<storage::SplitData, 3> splits;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    splits.at(i) = {.count = labels_.at(i).size() / static_cast<std::size_t>(spec_.digits),
                    .images = std::as_bytes(std::span(images_.at(i))),
                    .labels = std::as_bytes(std::span(labels_.at(i)))};
  }
  return splits;
}

}  // namespace glimpse::worker
