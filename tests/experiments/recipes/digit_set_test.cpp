#include "experiments/recipes/digit_set.h"

#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "experiments/recipes/builtin_digits.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes resized(const Bytes& from, int from_side, int to_side) {
  Bytes to(static_cast<std::size_t>(to_side) * static_cast<std::size_t>(to_side));
  resize_by_area(from, from_side, to, to_side);
  return to;
}

TEST(ResizeByArea, KeepsAnImageOfTheSameSide) {
  const Bytes image = {1, 2, 3, 250};
  EXPECT_EQ(resized(image, 2, 2), image);
}

TEST(ResizeByArea, AveragesWholeBlocks) {
  const Bytes image = {0,
                       4,
                       100,
                       100,  //
                       4,
                       8,
                       100,
                       100,  //
                       1,
                       1,
                       255,
                       255,  //
                       1,
                       2,
                       255,
                       255};
  EXPECT_EQ(resized(image, 4, 2), (Bytes{4, 100, 1, 255}));  // 5/4 rounds to 1
}

TEST(ResizeByArea, SharesPixelsThatLieAcross) {
  // Three pixels into two: each output covers one and a half, so weights 2:1 along each axis.
  const Bytes image = {90, 0, 0, 0, 0, 0, 0, 0, 90};
  EXPECT_EQ(resized(image, 3, 2), (Bytes{40, 0, 0, 40}));
}

TEST(ResizeByArea, RoundsHalfUp) {
  EXPECT_EQ(resized({1, 1, 0, 0}, 2, 1), Bytes{1});
  EXPECT_EQ(resized({1, 0, 0, 0}, 2, 1), Bytes{0});
}

TEST(ResizeByArea, KeepsFullBrightnessAndBlack) {
  for (int side = 1; side <= 40; ++side) {
    EXPECT_EQ(resized(Bytes(784, 255), 28, side),
              Bytes(static_cast<std::size_t>(side * side), 255));
    EXPECT_EQ(resized(Bytes(784, 0), 28, side), Bytes(static_cast<std::size_t>(side * side), 0));
  }
}

TEST(ResizeByArea, RefusesPixelsThatDoNotFit) {
  EXPECT_THROW(resized(Bytes(5), 2, 2), std::invalid_argument);
  EXPECT_THROW(resized(Bytes(4), 2, 0), std::invalid_argument);
}

TEST(DigitSet, OfBuiltinDigitsIsTheSameForAnyNumberOfThreads) {
  const SplitCounts counts = {300, 200, 100};
  const DigitSet one = make_builtin_digits(24, 1, counts);
  const DigitSet many = make_builtin_digits(24, 5, counts);
  EXPECT_EQ(one.pixels, many.pixels);
  EXPECT_EQ(one.labels, many.labels);
}

TEST(DigitSet, HoldsSplitsOneAfterAnother) {
  const DigitSet digits = make_builtin_digits(28, 2, {30, 20, 10});
  EXPECT_EQ(digits.first(Split::kTrain), 0U);
  EXPECT_EQ(digits.first(Split::kValid), 30U);
  EXPECT_EQ(digits.first(Split::kTest), 50U);
  Bytes wanted(kBuiltinPixels);
  render_builtin_digit(Split::kValid, 3, wanted);
  const auto held = digits.digit(33);
  EXPECT_EQ(Bytes(held.begin(), held.end()), wanted);
  EXPECT_EQ(digits.labels[33], 3);
  render_builtin_digit(Split::kTest, 9, wanted);
  const auto last = digits.digit(59);
  EXPECT_EQ(Bytes(last.begin(), last.end()), wanted);
}

class MnistDigits : public ::testing::Test {
 protected:
  MnistDigits()
      : train_(std::size_t{60'000} * 784), test_(std::size_t{10'000} * 784), labels_(60'000) {
    train_[50'000 * 784] = 17;
    test_[0] = 18;
    labels_[50'000] = 5;
  }

  [[nodiscard]] MnistFiles files() const {
    return {.train_images = {60'000, 28, 28, train_},
            .train_labels = {labels_},
            .test_images = {10'000, 28, 28, test_},
            .test_labels = {std::span(labels_).first(10'000)}};
  }

  Bytes train_;
  Bytes test_;
  Bytes labels_;
};

TEST_F(MnistDigits, LastTenThousandOfTrainingAreValidation) {
  const DigitSet digits = make_mnist_digits(files(), 28, 2);
  EXPECT_EQ(digits.counts, kDigitCounts);
  EXPECT_EQ(digits.digit(digits.first(Split::kValid))[0], 17);
  EXPECT_EQ(digits.labels[digits.first(Split::kValid)], 5);
  EXPECT_EQ(digits.digit(digits.first(Split::kTest))[0], 18);
}

TEST_F(MnistDigits, MustBelongTogether) {
  MnistFiles wrong = files();
  wrong.test_images.count = 9'999;
  EXPECT_THROW(make_mnist_digits(wrong, 28, 1), StudyError);
  wrong = files();
  wrong.train_images.columns = 27;
  EXPECT_THROW(make_mnist_digits(wrong, 28, 1), StudyError);
  wrong = files();
  wrong.train_labels.labels = wrong.test_labels.labels;
  EXPECT_THROW(make_mnist_digits(wrong, 28, 1), StudyError);
}

}  // namespace
}  // namespace glimpse::experiments
