// In light and in dark, text has a contrast of 4.5 to 1 with its ground and a line one of 3 to 1.

#include <string>

#include <gtest/gtest.h>

#include "reports/html/page_texts.h"
#include "tests/reports/charts/contrast.h"

namespace glimpse::reports {
namespace {

// A style sheet names the page's variables first and, where it has them, those of charts next.
std::string part_of(std::string_view style, const std::string& selector) {
  const std::size_t at = style.find(selector + " {");
  return at == std::string_view::npos ? ""
                                      : std::string(style.substr(at, style.find('}', at) - at));
}

class PageColors : public testing::TestWithParam<std::string_view> {};

TEST_P(PageColors, KeepTextReadable) {
  const std::string root = part_of(GetParam(), ":root");
  for (const char* ground : {"ground", "panel"}) {
    for (const char* name : {"ink", "quiet", "link", "good", "bad", "open"}) {
      EXPECT_GE(contrast(variable(root, name), variable(root, ground)), 4.5) << name;
    }
  }
  EXPECT_GE(contrast(variable(root, "ink"), variable(root, "found")), 4.5);
}

INSTANTIATE_TEST_SUITE_P(Schemes,
                         PageColors,
                         testing::Values(page_style(), dark_style()),
                         [](const testing::TestParamInfo<std::string_view>& scheme) {
                           return scheme.index == 0 ? "Light" : "Dark";
                         });

TEST(DarkCharts, StandOutFromTheGround) {
  const std::string chart = part_of(dark_style(), ".chart");
  EXPECT_EQ(variable(chart, "ground"), variable(part_of(dark_style(), ":root"), "ground"));
  for (const char* name : kLineColors) {
    EXPECT_GE(contrast(variable(chart, name), variable(chart, "ground")), 3) << name;
  }
  for (const char* name : kTextColors) {
    EXPECT_GE(contrast(variable(chart, name), variable(chart, "ground")), 4.5) << name;
  }
}

}  // namespace
}  // namespace glimpse::reports
