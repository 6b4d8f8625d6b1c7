#include "experiments/recipes/sequence_recipe.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "experiments/recipes/parallel.h"
#include "experiments/study_error.h"
#include "tests/experiments/recipes/tiny_digits.h"

namespace glimpse::experiments {
namespace {

struct Rendered {
  std::vector<std::uint8_t> images;
  std::vector<std::uint8_t> labels;
  bool operator==(const Rendered&) const = default;
};

Rendered render(const SequenceRecipe& recipe, std::uint32_t count, int threads) {
  Rendered out{.images = std::vector<std::uint8_t>(count * recipe.image_bytes()),
               .labels = std::vector<std::uint8_t>(count * recipe.labels_per_image())};
  run_in_parallel(count, threads, [&](std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    recipe.render(
        Split::kTrain,
        static_cast<std::uint32_t>(begin),
        static_cast<std::uint32_t>(n),
        std::span(out.images).subspan(begin * recipe.image_bytes(), n * recipe.image_bytes()),
        std::span(out.labels)
            .subspan(begin * recipe.labels_per_image(), n * recipe.labels_per_image()));
  });
  return out;
}

std::shared_ptr<const DigitSet> shared_digits(int side) {
  return std::make_shared<DigitSet>(tests::make_tiny_digits(side));
}

TEST(SequenceRecipe, RendersTheSameBytesWithAnyNumberOfThreads) {
  const SequenceRecipe recipe({}, shared_digits(28));
  const Rendered one = render(recipe, 3000, 1);
  EXPECT_EQ(one, render(recipe, 3000, 2));
  EXPECT_EQ(one, render(recipe, 3000, 5));
}

TEST(SequenceRecipe, RendersAnyRangeByItself) {
  const SequenceRecipe recipe({}, shared_digits(28));
  const Rendered all = render(recipe, 10, 1);
  std::vector<std::uint8_t> images(2 * recipe.image_bytes(), 3);
  std::vector<std::uint8_t> labels(6, 3);
  recipe.render(Split::kTrain, 7, 2, images, labels);
  EXPECT_TRUE(std::equal(images.begin(), images.end(), all.images.begin() + 70'000));
  EXPECT_TRUE(std::equal(labels.begin(), labels.end(), all.labels.begin() + 21));
}

TEST(SequenceRecipe, RendersTwoSmallDigitsOnASmallCanvas) {
  DatasetSpec spec;
  spec.width = 72;
  spec.height = 72;
  spec.digits = 2;
  spec.digit_side = 24;
  spec.patches = 0;
  const SequenceRecipe recipe(spec, shared_digits(24));
  EXPECT_EQ(recipe.image_bytes(), 5184U);
  EXPECT_EQ(recipe.labels_per_image(), 2U);
  const Rendered out = render(recipe, 500, 2);
  for (std::size_t image = 0; image < 500; ++image) {
    std::size_t ink = 0;
    for (std::size_t i = 0; i < 5184; ++i) {
      ink += out.images[image * 5184 + i] > 0 ? 1 : 0;
    }
    EXPECT_EQ(ink, 2U * 24 * 24);
  }
}

TEST(SequenceRecipe, CountsImagesAsTheSpecDoes) {
  DatasetSpec spec;
  spec.valid = 123;
  const SequenceRecipe recipe(spec, shared_digits(28));
  EXPECT_EQ(recipe.count(Split::kTrain), 60'000U);
  EXPECT_EQ(recipe.count(Split::kValid), 123U);
}

TEST(SequenceRecipe, RefusesWhatLeavesNoRoom) {
  DatasetSpec spec;
  spec.width = 83;
  EXPECT_THROW(SequenceRecipe(spec, shared_digits(28)), StudyError);
  spec = {};
  spec.patch_side = 28;
  EXPECT_THROW(SequenceRecipe(spec, shared_digits(28)), StudyError);
}

TEST(SequenceRecipe, RefusesDigitsThatDoNotFitTheSpec) {
  EXPECT_THROW(SequenceRecipe({}, shared_digits(24)), std::invalid_argument);
  const auto empty = std::make_shared<DigitSet>(tests::make_tiny_digits(28, {3, 0, 3}));
  EXPECT_THROW(SequenceRecipe({}, empty), std::invalid_argument);
}

TEST(SequenceRecipe, RefusesRoomOfAnotherSize) {
  const SequenceRecipe recipe({}, shared_digits(28));
  std::vector<std::uint8_t> images(10'000);
  std::vector<std::uint8_t> labels(2);
  EXPECT_THROW(recipe.render(Split::kTrain, 0, 1, images, labels), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::experiments
