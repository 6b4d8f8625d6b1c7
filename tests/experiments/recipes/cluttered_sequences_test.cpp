#include "experiments/recipes/cluttered_sequences.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/experiments/recipes/tiny_digits.h"

namespace glimpse::experiments {
namespace {

constexpr std::uint32_t kLayouts = 200'000;

// Four standard errors of a share measured on so many layouts, and half of the last printed digit.
double tolerance(double share) {
  return 4 * std::sqrt(share * (1 - share) / kLayouts) + 0.0005;
}

std::vector<SequenceLayout> layouts(const DatasetSpec& spec,
                                    const DigitSet& digits,
                                    std::uint32_t count = kLayouts,
                                    Split split = Split::kTrain) {
  std::vector<SequenceLayout> all;
  for (std::uint32_t index = 0; index < count; ++index) {
    all.push_back(draw_layout(spec, digits, {split, index}));
  }
  return all;
}

double share(const std::vector<SequenceLayout>& all,
             const std::function<bool(const SequenceLayout&)>& holds) {
  return static_cast<double>(std::count_if(all.begin(), all.end(), holds)) /
         static_cast<double>(all.size());
}

class Sequences : public ::testing::Test {
 protected:
  DatasetSpec spec_;
  DigitSet digits_ = tests::make_tiny_digits(28);
};

TEST_F(Sequences, PileUpAtTheBordersAsTheReleasedCodeDoes) {
  spec_.patches = 0;
  const auto all = layouts(spec_, digits_);
  const std::array<double, 3> at_bottom = {0.280, 0.275, 0.270};
  const std::array<double, 3> at_top = {0.010, 0.043, 0.080};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(share(all, [&](const auto& layout) { return layout.digits[i].y == 72; }),
                at_bottom[i],
                tolerance(at_bottom[i]));
    EXPECT_NEAR(share(all, [&](const auto& layout) { return layout.digits[i].y == 0; }),
                at_top[i],
                tolerance(at_top[i]));
  }
  const auto all_equal = [](const SequenceLayout& layout) {
    return layout.digits[0].y == layout.digits[1].y && layout.digits[1].y == layout.digits[2].y;
  };
  EXPECT_NEAR(share(all, all_equal), 0.236, tolerance(0.236));
  const auto at_border = [](const SequenceLayout& layout) {
    return std::any_of(layout.digits.begin(), layout.digits.end(), [](const PlacedDigit& placed) {
      return placed.y == 0 || placed.y == 72;
    });
  };
  EXPECT_NEAR(share(all, at_border), 0.430, tolerance(0.430));
}

TEST_F(Sequences, AbutAtSixteenOffsets) {
  std::set<int> offsets;
  for (const SequenceLayout& layout : layouts(spec_, digits_, 2000)) {
    offsets.insert(layout.digits[0].x);
    EXPECT_EQ(layout.digits[1].x, layout.digits[0].x + 28);
    EXPECT_EQ(layout.digits[2].x, layout.digits[1].x + 28);
  }
  EXPECT_EQ(offsets.size(), 16U);
  EXPECT_EQ(*offsets.begin(), 0);
  EXPECT_EQ(*offsets.rbegin(), 15);
}

// The steps that are seen where no digit is clamped.
std::set<int> free_slopes(const std::vector<SequenceLayout>& all) {
  std::set<int> slopes;
  for (const SequenceLayout& layout : all) {
    const int first = layout.digits[1].y - layout.digits[0].y;
    if (first == layout.digits[2].y - layout.digits[1].y) {
      slopes.insert(first);
    }
  }
  return slopes;
}

TEST_F(Sequences, SlopeAsTheCodeDraws) {
  const std::set<int> slopes = free_slopes(layouts(spec_, digits_, 20'000));
  EXPECT_EQ(*slopes.begin(), -14);
  EXPECT_EQ(*slopes.rbegin(), 13);
  EXPECT_EQ(slopes.size(), 28U);
}

TEST_F(Sequences, SlopeAsThePaperSays) {
  spec_.slope = SlopeRange::kPaper;
  const std::set<int> slopes = free_slopes(layouts(spec_, digits_, 50'000));
  EXPECT_EQ(*slopes.begin(), -28);
  EXPECT_EQ(*slopes.rbegin(), 28);
}

TEST_F(Sequences, ClampEachDigitByItself) {
  bool has_bent = false;
  for (const SequenceLayout& layout : layouts(spec_, digits_, 2000)) {
    for (const PlacedDigit& placed : layout.digits) {
      EXPECT_GE(placed.y, 0);
      EXPECT_LE(placed.y, 72);
    }
    const int first = layout.digits[1].y - layout.digits[0].y;
    const int second = layout.digits[2].y - layout.digits[1].y;
    has_bent = has_bent || (first != 0 && second == 0 && layout.digits[2].y == 72);
  }
  EXPECT_TRUE(has_bent);
}

TEST_F(Sequences, ClutterNeverReachesTheLastRowOrColumn) {
  int right = 0;
  int bottom = 0;
  for (const SequenceLayout& layout : layouts(spec_, digits_, 5000)) {
    ASSERT_EQ(layout.patches.size(), 8U);
    for (const PlacedPatch& placed : layout.patches) {
      right = std::max(right, placed.x);
      bottom = std::max(bottom, placed.y);
    }
  }
  EXPECT_EQ(right, 90);
  EXPECT_EQ(bottom, 90);
}

TEST_F(Sequences, DrawDigitsOfTheirOwnSplitOnly) {
  const std::array<std::pair<std::uint32_t, std::uint32_t>, 3> ranges = {
      {{0, 19}, {20, 29}, {30, 39}}};
  for (const Split split : kSplits) {
    std::set<std::uint32_t> seen;
    for (const SequenceLayout& layout : layouts(spec_, digits_, 1000, split)) {
      for (const PlacedDigit& placed : layout.digits) {
        seen.insert(placed.digit);
      }
    }
    EXPECT_EQ(*seen.begin(), ranges[split_index(split)].first);
    EXPECT_EQ(*seen.rbegin(), ranges[split_index(split)].second);
  }
}

std::map<std::uint32_t, int> clutter_sources(const DatasetSpec& spec,
                                             const DigitSet& digits,
                                             Split split) {
  std::map<std::uint32_t, int> counts;
  for (std::uint32_t i = 0; i < kBankPatches; ++i) {
    ++counts[draw_patch(spec, digits, split, i).digit];
  }
  return counts;
}

TEST_F(Sequences, ShareOneBankOfTrainAndValid) {
  const auto bank = clutter_sources(spec_, digits_, Split::kTrain);
  EXPECT_EQ(bank.begin()->first, 0U);
  EXPECT_EQ(bank.rbegin()->first, 29U);
  EXPECT_EQ(bank, clutter_sources(spec_, digits_, Split::kTest));
}

TEST_F(Sequences, MayTakeClutterFromTheirOwnSplit) {
  spec_.clutter = ClutterBank::kPerSplit;
  const auto test = clutter_sources(spec_, digits_, Split::kTest);
  EXPECT_EQ(test.begin()->first, 30U);
  EXPECT_EQ(test.rbegin()->first, 39U);
  EXPECT_EQ(clutter_sources(spec_, digits_, Split::kTrain).rbegin()->first, 19U);
}

TEST_F(Sequences, MayCountTrainTwiceInTheBank) {
  spec_.clutter = ClutterBank::kTrainTwiceValid;
  const auto bank = clutter_sources(spec_, digits_, Split::kTest);
  EXPECT_EQ(bank.rbegin()->first, 29U);
  EXPECT_NEAR(bank.at(5), 2 * kBankPatches / 50.0, 400);  // six standard errors
  EXPECT_NEAR(bank.at(25), kBankPatches / 50.0, 300);
}

TEST_F(Sequences, CutPatchesAtEveryPlaceButTheLast) {
  std::set<int> cuts;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const Patch patch = draw_patch(spec_, digits_, Split::kTrain, i);
    cuts.insert({patch.cut_x, patch.cut_y});
  }
  EXPECT_EQ(*cuts.begin(), 0);
  EXPECT_EQ(*cuts.rbegin(), 18);
}

std::vector<std::uint8_t> image_of(const DatasetSpec& spec,
                                   const DigitSet& digits,
                                   const SequenceLayout& layout) {
  const auto pixels = static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height);
  std::vector<std::uint8_t> image(pixels, 77);
  std::vector<std::uint8_t> clutter(pixels, 77);
  draw_image(spec, digits, layout, image, clutter);
  return image;
}

TEST_F(Sequences, AssignDigitsAndPatchesAndAddThemUpToFullBrightness) {
  spec_.width = 40;
  spec_.height = 30;
  spec_.digits = 1;
  digits_.pixels[28] = 9;  // of digit 0: row 1, column 0
  digits_.pixels.at(1 * 784) = 255;
  const SequenceLayout layout = {.digits = {{.digit = 1, .x = 2, .y = 1}},
                                 .patches = {{{.digit = 9, .cut_x = 0, .cut_y = 0}, 0, 0},
                                             {{.digit = 0, .cut_x = 0, .cut_y = 1}, 1, 1}}};
  const auto image = image_of(spec_, digits_, layout);
  const auto at = [&](int x, int y) { return image[static_cast<std::size_t>(y * 40 + x)]; };
  EXPECT_EQ(at(0, 0), 10);   // the first patch alone
  EXPECT_EQ(at(1, 1), 9);    // the second covers the first, and its cut begins one row down
  EXPECT_EQ(at(2, 1), 255);  // digit and patch together stop at full brightness
  EXPECT_EQ(at(3, 1), 2 + 1);
  EXPECT_EQ(at(20, 20), 2);  // the digit alone
  EXPECT_EQ(at(39, 29), 0);
}

TEST_F(Sequences, LeaveTheLastColumnEmpty) {
  for (std::uint32_t index = 0; index < 2000; ++index) {
    const auto image = image_of(spec_, digits_, draw_layout(spec_, digits_, {Split::kTest, index}));
    for (std::size_t row = 0; row < 100; ++row) {
      ASSERT_EQ(image[row * 100 + 99], 0);
    }
  }
}

TEST_F(Sequences, FillTheirCanvasWhereThereIsNoRoom) {
  spec_.width = 84;
  spec_.height = 28;
  for (const SequenceLayout& layout : layouts(spec_, digits_, 200)) {
    EXPECT_EQ(layout.digits[0].x, 0);
    EXPECT_EQ(layout.digits[2].x, 56);
    EXPECT_EQ(layout.digits[1].y, 0);
  }
}

TEST_F(Sequences, ScaleTheirSlopeWithTheDigits) {
  spec_.width = 72;
  spec_.height = 72;
  spec_.digits = 3;
  spec_.digit_side = 24;
  spec_.patches = 0;
  const DigitSet small = tests::make_tiny_digits(24);
  const std::set<int> slopes = free_slopes(layouts(spec_, small, 20'000));
  EXPECT_EQ(*slopes.begin(), -12);
  EXPECT_EQ(*slopes.rbegin(), 11);
}

TEST_F(Sequences, SizesOfClutterFollowTheSpec) {
  spec_.patch_side = 5;
  int cut = 0;
  int place = 0;
  for (const SequenceLayout& layout : layouts(spec_, digits_, 3000)) {
    for (const PlacedPatch& placed : layout.patches) {
      cut = std::max(cut, placed.patch.cut_y);
      place = std::max(place, placed.x);
    }
  }
  EXPECT_EQ(cut, 22);
  EXPECT_EQ(place, 94);
}

TEST_F(Sequences, KeepTheirDigitsWhenClutterChanges) {
  DatasetSpec plain = spec_;
  plain.patches = 0;
  for (std::uint32_t index = 0; index < 100; ++index) {
    const auto with = draw_layout(spec_, digits_, {Split::kTrain, index});
    const auto without = draw_layout(plain, digits_, {Split::kTrain, index});
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(with.digits[i].digit, without.digits[i].digit);
      EXPECT_EQ(with.digits[i].y, without.digits[i].y);
    }
  }
}

TEST_F(Sequences, ChangeWithTheSeed) {
  DatasetSpec other = spec_;
  other.seed = spec_.seed + (std::uint64_t{1} << 40);
  const auto one = draw_layout(spec_, digits_, {Split::kTrain, 0});
  const auto two = draw_layout(other, digits_, {Split::kTrain, 0});
  EXPECT_NE(std::pair(one.patches[0].x, one.patches[1].x),
            std::pair(two.patches[0].x, two.patches[1].x));
}

double labels_that_fit(const DatasetSpec& spec, const DigitSet& digits) {
  int fitting = 0;
  for (std::uint32_t index = 0; index < 10'000; ++index) {
    const SampleId sample = {Split::kTrain, index};
    const SequenceLayout layout = draw_layout(spec, digits, sample);
    std::array<std::uint8_t, 3> labels{};
    draw_labels(spec, digits, sample, layout, labels);
    for (std::size_t i = 0; i < 3; ++i) {
      fitting += labels[i] == digits.labels[layout.digits[i].digit] ? 1 : 0;
    }
  }
  return fitting / 30'000.0;
}

TEST_F(Sequences, LabelWhatTheyShowUnlessLabelsAreShuffled) {
  EXPECT_EQ(labels_that_fit(spec_, digits_), 1.0);
  spec_.shuffle_labels = true;
  EXPECT_NEAR(labels_that_fit(spec_, digits_), 0.1, 0.01);  // five standard errors
}

}  // namespace
}  // namespace glimpse::experiments
