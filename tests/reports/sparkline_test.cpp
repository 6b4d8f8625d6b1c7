#include "reports/sparkline.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using Values = std::vector<std::optional<double>>;

TEST(Sparkline, RisesFromTheSmallestToTheLargestValue) {
  EXPECT_EQ(render_sparkline(Values{0, 1, 2, 3, 4, 5, 6, 7}, 60), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(render_sparkline(Values{9, 1}, 60), "█▁");
}

TEST(Sparkline, ShowsMeansWhereThereAreMoreValuesThanColumns) {
  EXPECT_EQ(render_sparkline(Values{0, 0, 0, 10, 10, 10}, 2), "▁█");
  EXPECT_EQ(render_sparkline(Values(1000, 1.0), 60).size(), 60U * 3);
}

TEST(Sparkline, LeavesABlankForWhatIsMissing) {
  EXPECT_EQ(render_sparkline(Values{1, std::nullopt, 3}, 60), "▁ █");
  EXPECT_EQ(render_sparkline(Values{std::nullopt}, 60), " ");
  EXPECT_EQ(render_sparkline(Values{}, 60), "");
}

TEST(Sparkline, KeepsToTheMiddleWhereNothingChanges) {
  EXPECT_EQ(render_sparkline(Values{5, 5}, 60), "▅▅");
}

TEST(Sparkline, BearsTheLargestNumbers) {
  constexpr double kMost = std::numeric_limits<double>::max();
  EXPECT_EQ(render_sparkline(Values{-kMost, kMost}, 60), "▁█");
}

}  // namespace
}  // namespace glimpse::reports
