#include "reports/charts/number_text.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

TEST(NumberText, PrintsFixedDecimals) {
  EXPECT_EQ(render_fixed(1.5, 2), "1.50");
  EXPECT_EQ(render_fixed(-0.25, 2),
            "\xe2\x88\x92"
            "0.25");
  EXPECT_EQ(render_fixed(-0.001, 2), "0.00");
  EXPECT_EQ(render_fixed(NAN, 2), "\xe2\x80\x93");
  EXPECT_EQ(render_fixed(1e300, 0).size(), 301U);
}

TEST(NumberText, PrintsSignificantDigits) {
  EXPECT_EQ(render_significant(0.05, 3), "0.0500");
  EXPECT_EQ(render_significant(1.523, 3), "1.52");
  EXPECT_EQ(render_significant(1234.5, 3), "1234");
  EXPECT_EQ(render_significant(0, 3), "0.00");
}

TEST(NumberText, TakesDecimalsFromTheTypicalSpread) {
  EXPECT_EQ(decimals_for_spreads(std::array{0.12, 0.31, 0.05}, 2), 2);
  EXPECT_EQ(decimals_for_spreads(std::array{0.0012}, 2), 4);
  EXPECT_EQ(decimals_for_spreads(std::array{120.0}, 2), 0);
  EXPECT_EQ(decimals_for_spreads(std::array{0.0, double{NAN}}, 3), 3);
}

TEST(NumberText, KeepsCoordinatesShort) {
  EXPECT_EQ(render_coordinate(12), "12");
  EXPECT_EQ(render_coordinate(12.04), "12");
  EXPECT_EQ(render_coordinate(-0.04), "0");
  EXPECT_EQ(render_coordinate(-12.25), "-12.2");
  EXPECT_EQ(render_coordinate(NAN), "0");
}

TEST(NumberText, GivesBytesAUnit) {
  EXPECT_EQ(render_bytes(512), "512 B");
  EXPECT_EQ(render_bytes(1536), "1.50 KiB");
  EXPECT_EQ(render_bytes(12.34 * 1024 * 1024 * 1024), "12.3 GiB");
}

}  // namespace
}  // namespace glimpse::reports
