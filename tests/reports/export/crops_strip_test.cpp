#include "reports/export/crops_strip.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/storage/hdf5/crops_samples.h"

namespace glimpse::reports {
namespace {

constexpr std::size_t kImageBytes = 192;
constexpr std::size_t kCropBytes = 48;

std::uint8_t pixel(const GreyPicture& picture, std::size_t x, std::size_t y) {
  return picture.pixels.at(y * static_cast<std::size_t>(picture.width) + x);
}

// Images of 12 rows and 16 columns, each with three glimpses of 6 rows and 8 columns.
TEST(CropsStrip, PutsTheGlimpsesToTheRightOfTheirImage) {
  const storage::Crops crops = tests::sample_crops();
  const GreyPicture picture = draw_strip(crops, 2);
  EXPECT_EQ(picture.width, 16 + 3 * (2 + 8));
  EXPECT_EQ(picture.height, 12);
  EXPECT_EQ(pixel(picture, 0, 0), crops.images[2 * kImageBytes]);
  EXPECT_EQ(pixel(picture, 15, 11), crops.images[3 * kImageBytes - 1]);
  EXPECT_EQ(pixel(picture, 18, 0), crops.crops[6 * kCropBytes]);
  EXPECT_EQ(pixel(picture, 45, 5), crops.crops[9 * kCropBytes - 1]);
  EXPECT_EQ(pixel(picture, 16, 0), 128) << "a gap";
  EXPECT_EQ(pixel(picture, 18, 6), 128) << "below a glimpse";
}

TEST(CropsStrip, IsTheImageAloneWithoutGlimpses) {
  const storage::Crops crops = tests::sample_crops_without_glimpses();
  const GreyPicture picture = draw_strip(crops, 4);
  EXPECT_EQ(picture.width, 16);
  EXPECT_EQ(picture.pixels,
            std::vector<std::uint8_t>(crops.images.end() - kImageBytes, crops.images.end()));
}

TEST(CropsStrip, RefusesWhatNoScreenShows) {
  storage::Crops crops;
  crops.shape = {.count = 1,
                 .height = 1,
                 .width = 1,
                 .digits = 1,
                 .glimpses = 1ULL << 62,
                 .crop_height = 1,
                 .crop_width = 2};
  EXPECT_THROW(draw_strip(crops, 0), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::reports
