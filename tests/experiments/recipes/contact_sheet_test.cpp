#include "experiments/recipes/contact_sheet.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

constexpr SheetShape kShape = {
    .image_width = 30, .image_height = 20, .labels_per_image = 2, .columns = 2};

TEST(ContactSheet, PlacesImagesRowByRow) {
  std::vector<std::uint8_t> images(3 * 600);
  images[0] = 1;
  images[600] = 2;
  images[1200] = 3;
  images[1799] = 4;
  const std::vector<std::uint8_t> labels = {0, 1, 2, 3, 4, 5};
  const GreyPicture sheet = make_contact_sheet(images, labels, kShape);
  EXPECT_EQ(sheet.width, 4 + 2 * 34);
  EXPECT_EQ(sheet.height, 4 + 2 * (20 + 14 + 4));
  const auto at = [&](int x, int y) {
    return sheet.pixels.at(static_cast<std::size_t>(y * sheet.width + x));
  };
  EXPECT_EQ(at(4, 4), 1);
  EXPECT_EQ(at(38, 4), 2);
  EXPECT_EQ(at(4, 42), 3);
  EXPECT_EQ(at(33, 61), 4);
  EXPECT_EQ(at(0, 0), at(38, 42));  // the place of a fourth image stays ground
}

TEST(ContactSheet, WritesLabelsBelow) {
  const std::vector<std::uint8_t> image(600);
  const GreyPicture one = make_contact_sheet(image, std::vector<std::uint8_t>{1, 1}, kShape);
  const GreyPicture two = make_contact_sheet(image, std::vector<std::uint8_t>{1, 8}, kShape);
  int changed = 0;
  for (std::size_t i = 0; i < one.pixels.size(); ++i) {
    const auto x = static_cast<int>(i) % one.width;
    if (one.pixels[i] != two.pixels[i]) {
      ++changed;
      EXPECT_GE(x, 4 + 14);
      EXPECT_LT(x, 4 + 28);
      EXPECT_GE(static_cast<int>(i) / one.width, 4 + 20);
    }
  }
  EXPECT_GT(changed, 10);
}

TEST(ContactSheet, NeedsNoLabels) {
  SheetShape shape = kShape;
  shape.labels_per_image = 0;
  EXPECT_EQ(make_contact_sheet(std::vector<std::uint8_t>(600), {}, shape).height, 28);
}

TEST(ContactSheet, RefusesWhatDoesNotFit) {
  const std::vector<std::uint8_t> labels = {1, 1};
  EXPECT_THROW(make_contact_sheet(std::vector<std::uint8_t>(601), labels, kShape),
               std::invalid_argument);
  EXPECT_THROW(make_contact_sheet(std::vector<std::uint8_t>(1200), labels, kShape),
               std::invalid_argument);
  EXPECT_THROW(make_contact_sheet({}, {}, {.image_width = 1, .image_height = 1}),
               std::invalid_argument);
  EXPECT_THROW(
      make_contact_sheet(std::vector<std::uint8_t>(600), std::vector<std::uint8_t>{1, 10}, kShape),
      std::out_of_range);
}

}  // namespace
}  // namespace glimpse::experiments
