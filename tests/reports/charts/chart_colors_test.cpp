// Every colour of a line has a contrast of 3 to 1 with what it is drawn on, every text 4.5 to 1.

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "reports/charts/chart_style.h"
#include "reports/charts/color_ramp.h"
#include "tests/reports/charts/contrast.h"

namespace glimpse::reports {
namespace {

TEST(ChartColors, StandOutFromTheGround) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21, 1e-9);
  const std::string style(chart_style());
  for (const char* name : kLineColors) {
    EXPECT_GE(contrast(variable(style, name), variable(style, "ground")), 3) << name;
  }
  for (const char* name : kTextColors) {
    EXPECT_GE(contrast(variable(style, name), variable(style, "ground")), 4.5) << name;
  }
}

TEST(ChartColors, KeepNumbersReadableOnHeatMaps) {
  EXPECT_EQ(ramp_color(0), "#440154");
  EXPECT_EQ(ramp_color(1), "#fde725");
  EXPECT_EQ(ramp_color(NAN), "#440154");
  for (int i = 0; i <= 1000; ++i) {
    const double share = i / 1000.0;
    EXPECT_GE(contrast(ramp_color(share), is_dark(share) ? "#ffffff" : "#000000"), 4.5) << share;
  }
}

TEST(ChartColors, GetLighterWithTheAmount) {
  for (int i = 1; i <= 100; ++i) {
    EXPECT_GT(luminance(ramp_color(i / 100.0)), luminance(ramp_color((i - 1) / 100.0))) << i;
  }
}

}  // namespace
}  // namespace glimpse::reports
