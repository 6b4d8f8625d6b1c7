#pragma once

// Where everything in one image of a cluttered digit sequence lies, and the image itself. The
// distribution is that of the RNN-SPN paper's released generator, oddities included: 16 of the 17
// x offsets that fit, digits clamped one by one, clutter that never touches the last row or column.
// Pure functions of (spec, digits, sample): any thread may draw any image.

#include <cstdint>
#include <span>
#include <vector>

#include "experiments/dataset_spec.h"
#include "experiments/recipes/digit_set.h"
#include "experiments/recipes/split.h"

namespace glimpse::experiments {

struct SampleId {
  Split split = Split::kTrain;
  std::uint32_t index = 0;
};

struct PlacedDigit {
  std::uint32_t digit = 0;  // position in the digit set
  int x = 0;                // top left corner on the canvas
  int y = 0;
};

// A square cut out of a digit. The bank of patches is not kept: a patch is a digit and a corner.
struct Patch {
  std::uint32_t digit = 0;
  int cut_x = 0;
  int cut_y = 0;
};

struct PlacedPatch {
  Patch patch;
  int x = 0;
  int y = 0;
};

struct SequenceLayout {
  std::vector<PlacedDigit> digits;   // from left to right
  std::vector<PlacedPatch> patches;  // later ones cover earlier ones
};

// The patch at a place of the bank, as the spec's `clutter` fills it for this split.
inline constexpr std::uint32_t kBankPatches = 100'000;
Patch draw_patch(const DatasetSpec& spec,
                 const DigitSet& digits,
                 Split split,
                 std::uint32_t bank_index);

SequenceLayout draw_layout(const DatasetSpec& spec, const DigitSet& digits, SampleId sample);

// Digits on one canvas, clutter on the other, then the sum of both up to full brightness. `clutter`
// is room for the second canvas, of the size of the image; what it held does not matter.
void draw_image(const DatasetSpec& spec,
                const DigitSet& digits,
                const SequenceLayout& layout,
                std::span<std::uint8_t> image,
                std::span<std::uint8_t> clutter);

// One label per digit; with `shuffle_labels` those of other digits of the split, drawn without a
// look at the image.
void draw_labels(const DatasetSpec& spec,
                 const DigitSet& digits,
                 SampleId sample,
                 const SequenceLayout& layout,
                 std::span<std::uint8_t> labels);

}  // namespace glimpse::experiments
