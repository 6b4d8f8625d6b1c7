#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "experiments/recipes/cluttered_sequences.h"
#include "tests/experiments/recipes/mnist_samples.h"

namespace glimpse::experiments {
namespace {

constexpr std::uint32_t kImages = 30'000;

// What the released generator gives, measured over many images; here a sample of ours.
struct Statistics {
  double mean = 0;
  double spread = 0;
  double ink = 0;    // pixels of digits per image
  double hit = 0;    // of these covered by clutter
  double row_0 = 0;  // shares of images with ink there
  double row_99 = 0;
  double column_0 = 0;
  double column_99 = 0;
};

struct Canvases {
  std::vector<std::uint8_t> image = std::vector<std::uint8_t>(10'000);
  std::vector<std::uint8_t> digits = std::vector<std::uint8_t>(10'000);
  std::vector<std::uint8_t> clutter = std::vector<std::uint8_t>(10'000);
};

bool has_ink(const std::vector<std::uint8_t>& image, std::size_t first, std::size_t step) {
  for (std::size_t i = 0; i < 100; ++i) {
    if (image[first + i * step] > 0) {
      return true;
    }
  }
  return false;
}

void add(Statistics& sum, const Canvases& canvases) {
  for (std::size_t i = 0; i < canvases.image.size(); ++i) {
    const double value = canvases.image[i] / 255.0;
    sum.mean += value;
    sum.spread += value * value;
    sum.ink += canvases.digits[i] > 0 ? 1 : 0;
    sum.hit += canvases.digits[i] > 0 && canvases.clutter[i] > 0 ? 1 : 0;
  }
  sum.row_0 += has_ink(canvases.image, 0, 1) ? 1 : 0;
  sum.row_99 += has_ink(canvases.image, 9900, 1) ? 1 : 0;
  sum.column_0 += has_ink(canvases.image, 0, 100) ? 1 : 0;
  sum.column_99 += has_ink(canvases.image, 99, 100) ? 1 : 0;
}

Statistics measure(const DigitSet& digits) {
  const DatasetSpec spec;
  Statistics sum;
  Canvases canvases;
  std::vector<std::uint8_t> unused(10'000);
  for (std::uint32_t index = 0; index < kImages; ++index) {
    SequenceLayout layout = draw_layout(spec, digits, {Split::kTrain, index});
    draw_image(spec, digits, layout, canvases.image, canvases.clutter);
    layout.patches.clear();
    draw_image(spec, digits, layout, canvases.digits, unused);
    add(sum, canvases);
  }
  const double pixels = kImages * 10'000.0;
  sum.mean /= pixels;
  sum.spread = std::sqrt(sum.spread / pixels - sum.mean * sum.mean);
  for (double* value :
       {&sum.ink, &sum.hit, &sum.row_0, &sum.row_99, &sum.column_0, &sum.column_99}) {
    *value /= kImages;
  }
  return sum;
}

// Tolerances: the last printed digit, and four standard errors of a sample of this size (72 pixels
// of ink and 12 hit pixels are the spreads between images).
TEST(MnistSequences, HaveTheKnownStatistics) {
  const Statistics found = measure(tests::make_real_digits(tests::load_mnist(), 28));
  EXPECT_NEAR(found.mean, 0.045, 0.0006);
  EXPECT_NEAR(found.spread, 0.192, 0.0012);
  EXPECT_NEAR(found.ink, 450, 2.2);
  EXPECT_NEAR(found.hit, 11.4, 0.5);
  EXPECT_NEAR(found.row_0, 0.052, 0.0056);
  EXPECT_NEAR(found.column_0, 0.05, 0.0055);
  EXPECT_NEAR(found.row_99, 0.011, 0.003);
  EXPECT_EQ(found.column_99, 0.0);
}

bool is_blank(const DigitSet& digits, const Patch& patch, int side) {
  const auto digit = digits.digit(patch.digit);
  for (int row = 0; row < side; ++row) {
    const auto first = digit.begin() + (patch.cut_y + row) * digits.side + patch.cut_x;
    if (std::any_of(first, first + side, [](std::uint8_t pixel) { return pixel > 0; })) {
      return false;
    }
  }
  return true;
}

TEST(MnistSequences, HaveTheKnownShareOfBlankPatches) {
  const DigitSet digits = tests::make_real_digits(tests::load_mnist(), 28);
  const DatasetSpec spec;
  int blank = 0;
  for (std::uint32_t i = 0; i < kBankPatches; ++i) {
    blank += is_blank(digits, draw_patch(spec, digits, Split::kTrain, i), spec.patch_side) ? 1 : 0;
  }
  const double share = blank / static_cast<double>(kBankPatches);
  EXPECT_NEAR(share, 0.0695, 0.0005 + 4 * std::sqrt(0.0695 * 0.93 / kBankPatches));
  EXPECT_NEAR(spec.patches * (1 - share), 7.45, 0.03);
}

}  // namespace
}  // namespace glimpse::experiments
