#include "worker/crops_picture.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "tests/storage/hdf5/crops_samples.h"

namespace glimpse::worker {
namespace {

using Color = std::array<int, 3>;

constexpr Color kFirstGlimpse = {230, 159, 0};
constexpr Color kWrong = {213, 94, 0};

Color at(const Picture& picture, int x, int y) {
  const auto first = 3 * static_cast<std::size_t>(y * picture.width + x);
  return {picture.pixels.at(first), picture.pixels.at(first + 1), picture.pixels.at(first + 2)};
}

int count(const Picture& picture, const Color& color) {
  int found = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      found += at(picture, x, y) == color ? 1 : 0;
    }
  }
  return found;
}

// One image of 20 x 30, enlarged sevenfold, with one glimpse at its middle.
storage::Crops one_glimpse() {
  return {.shape = {.count = 1,
                    .height = 20,
                    .width = 30,
                    .digits = 1,
                    .glimpses = 1,
                    .crop_height = 10,
                    .crop_width = 15},
          .images = std::vector<std::uint8_t>(600, 100),
          .labels = {3},
          .predictions = {3},
          .index = {0},
          .theta = {0.5, 0, 0, 0, 0.5, 0},
          .boxes = {0, 0, 0, 0},
          .crops = std::vector<std::uint8_t>(150, 50)};
}

constexpr Reach kReach = {.width = 29, .height = 19};

TEST(CropsPicture, OutlinesTheGlimpseInTheColorOfItsCrop) {
  const Picture picture = draw_crops(one_glimpse(), kReach);
  const int left = 8 + static_cast<int>((7.25 + 0.5) * 7);
  EXPECT_EQ(at(picture, left, 8 + 10 * 7), kFirstGlimpse);
  EXPECT_EQ(at(picture, left + 10, 8 + 10 * 7), (Color{100, 100, 100}));
  EXPECT_EQ(at(picture, 8 + 2, 8 + 2), (Color{100, 100, 100}));
  const int crop = 8 + 30 * 7 + 8;
  EXPECT_EQ(at(picture, crop - 1, 20), kFirstGlimpse);
  EXPECT_EQ(at(picture, crop + 1, 20), (Color{50, 50, 50}));
}

TEST(CropsPicture, MarksWhatIsWrong) {
  storage::Crops crops = one_glimpse();
  EXPECT_EQ(count(draw_crops(crops, kReach), kWrong), 0);
  crops.predictions = {8};
  EXPECT_GT(count(draw_crops(crops, kReach), kWrong), 2 * 4 * 28);
}

TEST(CropsPicture, StandsAnyGlimpse) {
  for (const float wild : {0.0F,
                           1e30F,
                           -1e30F,
                           std::numeric_limits<float>::infinity(),
                           std::numeric_limits<float>::quiet_NaN()}) {
    storage::Crops crops = one_glimpse();
    crops.theta = {wild, 1, wild, 1, wild, 0};
    EXPECT_EQ(draw_crops(crops, kReach).pixels.size(),
              draw_crops(one_glimpse(), kReach).pixels.size());
  }
}

TEST(CropsPicture, ShowsWhatHasNoGlimpses) {
  const storage::Crops crops = tests::sample_crops_without_glimpses();
  const Picture picture = draw_crops(crops, kReach);
  EXPECT_GT(picture.width, 3 * 16 * 8);
  EXPECT_GT(picture.height, 2 * 12 * 8) << "five images in rows of three";
  EXPECT_EQ(picture.pixels.size(), static_cast<std::size_t>(3 * picture.width * picture.height));
}

TEST(CropsPicture, ShowsNoMoreThanItHasRoomFor) {
  storage::Crops crops = one_glimpse();
  crops.shape.count = 1000;
  for (auto* const bytes : {&crops.images, &crops.labels, &crops.predictions, &crops.crops}) {
    bytes->resize(bytes->size() * 1000);
  }
  crops.theta.resize(6000);
  const Picture picture = draw_crops(crops, kReach);
  EXPECT_LE(picture.height, 8192);
  EXPECT_LE(picture.width, 8192);
}

}  // namespace
}  // namespace glimpse::worker
