// Every colour of a line has a contrast of 3 to 1 with what it is drawn on, every text 4.5 to 1.

#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "reports/charts/chart_style.h"
#include "reports/charts/color_ramp.h"

namespace glimpse::reports {
namespace {

double luminance(const std::string& color) {
  const std::string full =
      color.size() == 4
          ? std::string{'#', color[1], color[1], color[2], color[2], color[3], color[3]}
          : color;
  constexpr std::array kWeights = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const double part = std::stoi(full.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum +=
        kWeights.at(i) * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(const std::string& a, const std::string& b) {
  const double first = luminance(a) + 0.05;
  const double second = luminance(b) + 0.05;
  return first > second ? first / second : second / first;
}

std::string variable(const std::string& name) {
  const std::string style(chart_style());
  const std::size_t at = style.find("--" + name + ": #");
  return at == std::string::npos ? "" : style.substr(at + name.size() + 4, 7);
}

TEST(ChartColors, StandOutFromTheGround) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21, 1e-9);
  for (const char* name :
       {"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "q0", "q1", "q2", "q3", "q4", "base"}) {
    EXPECT_GE(contrast(variable(name), variable("ground")), 3) << name;
  }
  for (const char* name : {"ink", "quiet"}) {
    EXPECT_GE(contrast(variable(name), variable("ground")), 4.5) << name;
  }
}

TEST(ChartColors, KeepNumbersReadableOnHeatMaps) {
  EXPECT_EQ(ramp_color(0), "#440154");
  EXPECT_EQ(ramp_color(1), "#fde725");
  EXPECT_EQ(ramp_color(NAN), "#440154");
  for (int i = 0; i <= 1000; ++i) {
    const double share = i / 1000.0;
    EXPECT_GE(contrast(ramp_color(share), ramp_ink(share)), 4.5) << share;
  }
}

TEST(ChartColors, GetLighterWithTheAmount) {
  for (int i = 1; i <= 100; ++i) {
    EXPECT_GT(luminance(ramp_color(i / 100.0)), luminance(ramp_color((i - 1) / 100.0))) << i;
  }
}

}  // namespace
}  // namespace glimpse::reports
