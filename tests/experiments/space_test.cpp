#include "experiments/space.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace glimpse::experiments {
namespace {

double number(const Space& space, std::uint32_t index) {
  RandomStream stream(1, Purpose::kSearch, 0, index);
  return std::get<double>(draw(space, stream));
}

TEST(Space, CountsAndExpandsWholeNumbers) {
  const Space space = Range{Distribution::kIntUniform, -1, 2};
  EXPECT_TRUE(is_discrete(space));
  EXPECT_EQ(space_size(space), 4U);
  EXPECT_EQ(expand(space), (std::vector<Value>{-1.0, 0.0, 1.0, 2.0}));
  EXPECT_TRUE(contains(space, 2.0));
  EXPECT_FALSE(contains(space, 0.5));
  EXPECT_FALSE(contains(space, 3.0));
  EXPECT_FALSE(contains(space, "2"));
  EXPECT_EQ(space_size(Range{Distribution::kIntUniform, -0x1p53, 0x1p53}),
            (std::uint64_t{1} << 54) + 1);
}

TEST(Space, TellsRangesFromLists) {
  EXPECT_FALSE(is_discrete(Range{Distribution::kUniform, 0, 1}));
  EXPECT_TRUE(contains(Range{Distribution::kNormal, 0, 1}, 100.0));
  const Space list = std::vector<Value>{"a", 1.0};
  EXPECT_EQ(space_size(list), 2U);
  EXPECT_TRUE(contains(list, "a"));
  EXPECT_FALSE(contains(list, true));
}

TEST(Space, DrawsWithinTheRange) {
  const Range ranges[] = {{Distribution::kUniform, -1, 2},
                          {Distribution::kLogUniform, 1e-5, 1e-1},
                          {Distribution::kIntUniform, -3, 3},
                          // So narrow that rounding would leave it.
                          {Distribution::kUniform, 0.12345678949, 0.12345678951}};
  for (const Range& range : ranges) {
    for (std::uint32_t i = 0; i < 1000; ++i) {
      const double value = number(range, i);
      ASSERT_GE(value, range.low);
      ASSERT_LE(value, range.high);
    }
  }
}

TEST(Space, DrawsEveryWholeNumberOfARange) {
  std::set<double> seen;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    seen.insert(number(Range{Distribution::kIntUniform, -3, 3}, i));
  }
  EXPECT_EQ(seen, (std::set<double>{-3, -2, -1, 0, 1, 2, 3}));
}

TEST(Space, DrawsLogarithmsEvenly) {
  int below = 0;
  double sum = 0;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    below += number(Range{Distribution::kLogUniform, 1e-4, 1}, i) < 1e-2 ? 1 : 0;
    sum += number(Range{Distribution::kNormal, 3, 2}, i);
  }
  EXPECT_NEAR(below, 5000, 200);  // four standard errors
  EXPECT_NEAR(sum / 10000, 3, 0.08);
}

TEST(Space, RoundsDrawsToNineDigits) {
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const double value = number(Range{Distribution::kLogUniform, 1e-5, 1e-1}, i);
    const double scale = std::pow(10, 8 - std::floor(std::log10(value)));
    ASSERT_NEAR(value * scale, std::round(value * scale), 1e-5);
  }
}

TEST(Space, RefusesRangesThatHoldNothing) {
  EXPECT_FALSE(range_problem({Distribution::kUniform, 0, 1}));
  EXPECT_TRUE(range_problem({Distribution::kUniform, 1, 1}));
  EXPECT_TRUE(range_problem({Distribution::kUniform, 0, NAN}));
  EXPECT_TRUE(range_problem({Distribution::kUniform, -1.7e308, 1.7e308}));
  EXPECT_TRUE(range_problem({Distribution::kLogUniform, 0, 1}));
  EXPECT_TRUE(range_problem({Distribution::kIntUniform, 0.5, 3}));
  EXPECT_TRUE(range_problem({Distribution::kIntUniform, 0, 1e17}));
  EXPECT_FALSE(range_problem({Distribution::kNormal, 5, 0.1}));
  EXPECT_TRUE(range_problem({Distribution::kNormal, 5, 0}));
}

}  // namespace
}  // namespace glimpse::experiments
