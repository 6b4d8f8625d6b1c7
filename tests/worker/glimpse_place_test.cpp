#include "worker/glimpse_place.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::worker {
namespace {

using Box = std::array<float, 4>;

TEST(GlimpsePlace, OfTheIdentityIsTheWholeImage) {
  const std::vector<float> identity = {1, 0, 0, 0, 1, 0};
  EXPECT_EQ(glimpse_box(identity, image_reach({}, 40, 30)), (Box{0, 0, 39, 29}));
  const experiments::Assignment lasagne = {{"sampler", std::string("lasagne2015")}};
  EXPECT_EQ(glimpse_box(identity, image_reach(lasagne, 40, 30)), (Box{0, 0, 40, 30}));
}

TEST(GlimpsePlace, ShrinksAndMovesWithTheTransform) {
  const std::vector<float> quarter = {0.5, 0, 0.5, 0, 0.25, -1};
  EXPECT_EQ(glimpse_box(quarter, {.width = 100, .height = 40}), (Box{50, -5, 100, 5}));
}

// A quarter turn to the right: what the glimpse has at its top lies at the image's right.
TEST(GlimpsePlace, TurnsItsCorners) {
  const std::vector<float> turned = {0, -1, 0, 1, 0, 0};
  const auto corners = glimpse_corners(turned, {.width = 10, .height = 20});
  EXPECT_EQ(corners[0].x, 10);
  EXPECT_EQ(corners[0].y, 0);
  EXPECT_EQ(corners[1].x, 10);
  EXPECT_EQ(corners[1].y, 20);
  EXPECT_EQ(corners[2].x, 0);
  EXPECT_EQ(corners[3].y, 0);
  EXPECT_EQ(glimpse_box(turned, {.width = 10, .height = 20}), (Box{0, 0, 10, 20}));
}

}  // namespace
}  // namespace glimpse::worker
