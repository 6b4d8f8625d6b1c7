#include "reports/charts/scale.h"

#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

std::string labels_of(const std::vector<Tick>& ticks) {
  std::string text;
  for (const Tick& tick : ticks) {
    text += (text.empty() ? "" : " ") + tick.label;
  }
  return text;
}

TEST(Scale, NamesRoundValues) {
  EXPECT_EQ(labels_of(pick_ticks({0, 1}, 5)), "0.0 0.2 0.4 0.6 0.8 1.0");
  EXPECT_EQ(labels_of(pick_ticks({1.31, 2.48}, 5)), "1.5 2.0");
  EXPECT_EQ(labels_of(pick_ticks({0, 300}, 5)), "0 100 200 300");
  EXPECT_EQ(labels_of(pick_ticks({-1, 1}, 4)),
            "\xe2\x88\x92"
            "1.0 \xe2\x88\x92"
            "0.5 0.0 0.5 1.0");
  EXPECT_EQ(labels_of(pick_ticks({0, 3e7}, 3)), "0 10000000 20000000 30000000");
}

TEST(Scale, NamesWholeNumbersWhereItCounts) {
  EXPECT_EQ(labels_of(keep_whole(pick_ticks({1, 3}, 5))), "1 2 3");
  EXPECT_EQ(labels_of(keep_whole(pick_ticks({0, 300}, 5))), "0 100 200 300");
}

TEST(Scale, NamesPowersOnLogarithmicAxes) {
  EXPECT_EQ(labels_of(pick_log_ticks({0.9, 1100}, 5)), "1 10 100 1000");
  EXPECT_EQ(labels_of(pick_log_ticks({1, 12}, 5)), "1 2 5 10");
  EXPECT_EQ(labels_of(pick_log_ticks({1.4, 1.9}, 5)), "1.4 1.5 1.6 1.7 1.8 1.9");
  EXPECT_EQ(labels_of(pick_log_ticks({1e-5, 1e-1}, 5)), "0.00001 0.0001 0.001 0.01 0.1");
  EXPECT_LE(pick_log_ticks({1e-300, 1e300}, 5).size(), 6U);
}

TEST(Scale, PlacesValuesBetweenItsEnds) {
  const Scale linear(ScaleKind::kLinear, {0, 10}, 100, 0);
  EXPECT_DOUBLE_EQ(linear.place(2.5), 75);
  EXPECT_DOUBLE_EQ(linear.place(11), 0);
  const Scale log(ScaleKind::kLog, {1, 100}, 0, 50);
  EXPECT_DOUBLE_EQ(log.place(10), 25);
  EXPECT_FALSE(log.has_place(0));
  EXPECT_FALSE(linear.has_place(NAN));
  EXPECT_DOUBLE_EQ(Scale(ScaleKind::kLinear, {3, 3}, 7, 9).place(3), 7);
}

TEST(Scale, LeavesRoomAroundTheData) {
  const Interval domain = pick_domain(std::array{1.0, 2.0, double{NAN}}, ScaleKind::kLinear);
  EXPECT_LT(domain.low, 1);
  EXPECT_GT(domain.high, 2);
  const Interval positive = pick_domain(std::array{0.0, 1.0, 100.0}, ScaleKind::kLog);
  EXPECT_GT(positive.low, 0.5);
  for (const ScaleKind kind : {ScaleKind::kLinear, ScaleKind::kLog}) {
    for (const double value : {0.0, 5.0, 1e-300, 1e300, double{INFINITY}}) {
      const Interval one = pick_domain(std::array{value}, kind);
      EXPECT_LT(one.low, one.high) << value;
      EXPECT_LE(Scale(kind, one, 0, 1).ticks(5).size(), 20U) << value;
    }
  }
}

// The ends of doubles, and domains too short for their own ticks, must not hang or crash.
TEST(Scale, EndsOnEveryDomain) {
  for (const Interval& domain : {Interval{1, 1 + 1e-15},
                                 Interval{-1e308, 1e308},
                                 Interval{1e15, 1e15 + 1},
                                 Interval{5e-324, 1e-323}}) {
    EXPECT_LE(pick_ticks(domain, 5).size(), 100U);
  }
}

}  // namespace
}  // namespace glimpse::reports
