#include "experiments/recipes/builtin_digits.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include <gtest/gtest.h>

#include "experiments/hash/sha256.h"

namespace glimpse::experiments {
namespace {

std::vector<std::uint8_t> digit(Split split, std::uint32_t index) {
  std::vector<std::uint8_t> pixels(kBuiltinPixels);
  render_builtin_digit(split, index, pixels);
  return pixels;
}

// A change here is another dataset: kBuiltinDigitsVersion must go up with it.
TEST(BuiltinDigits, FirstHundredAreTheSameOnEveryMachine) {
  Sha256 hash;
  for (std::uint32_t index = 0; index < 100; ++index) {
    const auto pixels = digit(Split::kTrain, index);
    hash.update(std::as_bytes(std::span(pixels)));
  }
  EXPECT_EQ(hex(hash.finish()), "a590cbe2173505067c9d065bed210783129b2818d8394d9c2c5b75cc6e1a0553");
}

TEST(BuiltinDigits, DoNotDependOnRoomOrNeighbours) {
  std::vector<std::uint8_t> used(kBuiltinPixels, 99);
  render_builtin_digit(Split::kValid, 7, used);
  EXPECT_EQ(used, digit(Split::kValid, 7));
}

TEST(BuiltinDigits, DifferBetweenSplitsAndIndices) {
  EXPECT_NE(digit(Split::kTrain, 3), digit(Split::kTest, 3));
  EXPECT_NE(digit(Split::kTrain, 3), digit(Split::kValid, 3));
  EXPECT_NE(digit(Split::kTrain, 3), digit(Split::kTrain, 13));
}

TEST(BuiltinDigits, CountLabelsUp) {
  EXPECT_EQ(builtin_label(0), 0);
  EXPECT_EQ(builtin_label(49'999), 9);
}

TEST(BuiltinDigits, HaveInkAboutLikeMnist) {
  double sum = 0;
  int inked = 0;
  for (std::uint32_t index = 0; index < 1000; ++index) {
    const auto pixels = digit(Split::kTrain, index);
    EXPECT_GE(*std::max_element(pixels.begin(), pixels.end()), 60) << index;
    for (const std::uint8_t pixel : pixels) {
      sum += pixel;
      inked += pixel > 0 ? 1 : 0;
    }
  }
  EXPECT_NEAR(sum / 255 / kBuiltinPixels / 1000, 0.116, 0.01);
  EXPECT_NEAR(inked / 1000.0, 174, 10);
}

TEST(BuiltinDigits, RefuseRoomOfAnotherSize) {
  std::vector<std::uint8_t> room(100);
  EXPECT_THROW(render_builtin_digit(Split::kTrain, 0, room), std::invalid_argument);
}

TEST(BuiltinDigits, HaveAGlyphEach) {
  for (int value = 0; value < 10; ++value) {
    for (int other = 0; other < value; ++other) {
      EXPECT_NE(render_glyph(value), render_glyph(other));
    }
  }
  EXPECT_THROW(render_glyph(11), std::out_of_range);
}

}  // namespace
}  // namespace glimpse::experiments
