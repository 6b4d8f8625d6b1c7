#include "experiments/recipes/sequence_recipe.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "experiments/dataset_table.h"
#include "experiments/recipes/cluttered_sequences.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {

SequenceRecipe::SequenceRecipe(const DatasetSpec& spec, std::shared_ptr<const DigitSet> digits)
    : spec_(spec), digits_(std::move(digits)) {
  if (std::vector<Issue> issues = dataset_issues(spec_); !issues.empty()) {
    throw StudyError("dataset", std::move(issues));
  }
  if (!spec_.file.empty()) {
    throw std::invalid_argument("an imported file is no recipe");
  }
  if (digits_->side != spec_.digit_side) {
    throw std::invalid_argument("the digit set has another side than the dataset asks for");
  }
  for (const std::uint32_t available : digits_->counts) {
    if (available == 0) {
      throw std::invalid_argument("every split of a digit set needs a digit");
    }
  }
}

std::uint32_t SequenceRecipe::count(Split split) const {
  const std::array<int, 3> counts = {spec_.train, spec_.valid, spec_.test};
  return static_cast<std::uint32_t>(counts[split_index(split)]);
}

std::size_t SequenceRecipe::image_bytes() const {
  return static_cast<std::size_t>(spec_.width) * static_cast<std::size_t>(spec_.height);
}

std::size_t SequenceRecipe::labels_per_image() const {
  return static_cast<std::size_t>(spec_.digits);
}

void SequenceRecipe::render(Split split,
                            std::uint32_t first,
                            std::uint32_t count,
                            std::span<std::uint8_t> images,
                            std::span<std::uint8_t> labels) const {
  const std::size_t pixels = image_bytes();
  if (images.size() != count * pixels || labels.size() != count * labels_per_image()) {
    throw std::invalid_argument("render sequences: room does not fit the number of images");
  }
  std::vector<std::uint8_t> clutter(pixels);
  for (std::uint32_t i = 0; i < count; ++i) {
    const SampleId sample = {.split = split, .index = first + i};
    const SequenceLayout layout = draw_layout(spec_, *digits_, sample);
    draw_image(spec_, *digits_, layout, images.subspan(i * pixels, pixels), clutter);
    draw_labels(spec_,
                *digits_,
                sample,
                layout,
                labels.subspan(i * labels_per_image(), labels_per_image()));
  }
}

}  // namespace glimpse::experiments
