#include "experiments/recipes/cluttered_sequences.h"

#include <algorithm>

#include "experiments/philox.h"

namespace glimpse::experiments {
namespace {

std::uint32_t epoch_of(Split split) {
  return static_cast<std::uint32_t>(split_index(split));
}

int below(RandomStream& random, int n) {
  return static_cast<int>(random.below(static_cast<std::uint32_t>(n)));
}

// What a bank may be cut from, and the number its random stream goes by.
struct BankSource {
  std::uint32_t number = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

BankSource bank_source(ClutterBank bank, const DigitSet& digits, Split split) {
  const std::uint32_t train = digits.counts[split_index(Split::kTrain)];
  const std::uint32_t valid = digits.counts[split_index(Split::kValid)];
  switch (bank) {
    case ClutterBank::kTrainTwiceValid:
      return {1, 0, train + valid + train};
    case ClutterBank::kPerSplit:
      return {2 + epoch_of(split), digits.first(split), digits.counts[split_index(split)]};
    case ClutterBank::kTrainValid:
      break;
  }
  return {0, 0, train + valid};
}

int draw_slope(const DatasetSpec& spec, RandomStream& random) {
  const int side = spec.digit_side;
  if (spec.slope == SlopeRange::kPaper) {
    return below(random, 2 * side + 1) - side;
  }
  const int half = side / 2;
  return below(random, 2 * half) - half;
}

void draw_digits(const DatasetSpec& spec,
                 const DigitSet& digits,
                 Split split,
                 RandomStream& random,
                 SequenceLayout& layout) {
  const std::uint32_t first = digits.first(split);
  for (PlacedDigit& placed : layout.digits) {
    placed.digit = first + random.below(digits.counts[split_index(split)]);
  }
  const int side = spec.digit_side;
  // The last x that fits is never drawn; with no room at all it is the only one.
  int x = below(random, spec.width - spec.digits * side);
  int y = below(random, spec.height);
  const int slope = draw_slope(spec, random);
  for (PlacedDigit& placed : layout.digits) {
    placed.x = x;
    placed.y = std::clamp(y, 0, spec.height - side);
    x += side;
    y += slope;
  }
}

void draw_clutter(const DatasetSpec& spec,
                  const DigitSet& digits,
                  Split split,
                  RandomStream& random,
                  SequenceLayout& layout) {
  for (PlacedPatch& placed : layout.patches) {
    placed.patch = draw_patch(spec, digits, split, random.below(kBankPatches));
    placed.x = below(random, spec.width - spec.patch_side);
    placed.y = below(random, spec.height - spec.patch_side);
  }
}

// A square of one picture copied to another place of another.
struct SquareCopy {
  int side = 0;
  std::span<const std::uint8_t> from;
  int from_width = 0;
  int from_x = 0;
  int from_y = 0;
};

void assign(const SquareCopy& copy, std::span<std::uint8_t> to, int to_width, int x, int y) {
  const std::ptrdiff_t from_start = std::ptrdiff_t{copy.from_y} * copy.from_width + copy.from_x;
  const std::ptrdiff_t to_start = std::ptrdiff_t{y} * to_width + x;
  const std::uint8_t* source = copy.from.data() + from_start;
  std::uint8_t* target = to.data() + to_start;
  for (int row = 0; row < copy.side; ++row) {
    std::copy_n(source, copy.side, target);
    source += copy.from_width;
    target += to_width;
  }
}

}  // namespace

Patch draw_patch(const DatasetSpec& spec,
                 const DigitSet& digits,
                 Split split,
                 std::uint32_t bank_index) {
  const BankSource source = bank_source(spec.clutter, digits, split);
  RandomStream random(spec.seed, Purpose::kClutterBank, source.number, bank_index);
  Patch patch;
  patch.digit = source.first + random.below(source.count);
  const std::uint32_t train = digits.counts[split_index(Split::kTrain)];
  const std::uint32_t valid = digits.counts[split_index(Split::kValid)];
  if (spec.clutter == ClutterBank::kTrainTwiceValid && patch.digit >= train + valid) {
    patch.digit -= train + valid;
  }
  patch.cut_x = below(random, spec.digit_side - spec.patch_side);
  patch.cut_y = below(random, spec.digit_side - spec.patch_side);
  return patch;
}

SequenceLayout draw_layout(const DatasetSpec& spec, const DigitSet& digits, SampleId sample) {
  RandomStream random(spec.seed, Purpose::kSequence, epoch_of(sample.split), sample.index);
  SequenceLayout layout;
  layout.digits.resize(static_cast<std::size_t>(spec.digits));
  layout.patches.resize(static_cast<std::size_t>(spec.patches));
  draw_digits(spec, digits, sample.split, random, layout);
  draw_clutter(spec, digits, sample.split, random, layout);
  return layout;
}

void draw_image(const DatasetSpec& spec,
                const DigitSet& digits,
                const SequenceLayout& layout,
                std::span<std::uint8_t> image,
                std::span<std::uint8_t> clutter) {
  const int side = spec.digit_side;
  std::fill(image.begin(), image.end(), std::uint8_t{0});
  for (const PlacedDigit& placed : layout.digits) {
    assign({.side = side, .from = digits.digit(placed.digit), .from_width = side},
           image,
           spec.width,
           placed.x,
           placed.y);
  }
  std::fill(clutter.begin(), clutter.end(), std::uint8_t{0});
  for (const PlacedPatch& placed : layout.patches) {
    assign({.side = spec.patch_side,
            .from = digits.digit(placed.patch.digit),
            .from_width = side,
            .from_x = placed.patch.cut_x,
            .from_y = placed.patch.cut_y},
           clutter,
           spec.width,
           placed.x,
           placed.y);
  }
  for (std::size_t i = 0; i < image.size(); ++i) {
    image[i] = static_cast<std::uint8_t>(std::min(255, image[i] + clutter[i]));
  }
}

void draw_labels(const DatasetSpec& spec,
                 const DigitSet& digits,
                 SampleId sample,
                 const SequenceLayout& layout,
                 std::span<std::uint8_t> labels) {
  RandomStream random(spec.seed, Purpose::kLabelShuffle, epoch_of(sample.split), sample.index);
  const std::uint32_t first = digits.first(sample.split);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::uint32_t digit = spec.shuffle_labels
                                    ? first + random.below(digits.counts[split_index(sample.split)])
                                    : layout.digits[i].digit;
    labels[i] = digits.labels[digit];
  }
}

}  // namespace glimpse::experiments
