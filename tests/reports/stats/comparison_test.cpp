#include "reports/stats/comparison.h"

#include <algorithm>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using Numbers = std::vector<double>;

TEST(Sample, OfFewSeedsHasNoInterval) {
  const Sample two = summarize(Numbers{1, 3});
  EXPECT_EQ(two.mean, 2);
  EXPECT_EQ(two.median, 2);
  EXPECT_FALSE(mean_interval(two));
  EXPECT_FALSE(prediction_interval(two));
  EXPECT_EQ(summarize({}).n, 0U);
  EXPECT_EQ(summarize(Numbers{4}).sd, 0);
  EXPECT_EQ(summarize(Numbers{3, 1, 2}).median, 2);
}

TEST(Sample, OfEqualSeedsHasANarrowInterval) {
  EXPECT_EQ(mean_interval(summarize(Numbers{2, 2, 2})), (Interval{2, 2}));
}

TEST(Comparison, NeedsThreePairs) {
  const Comparison two = compare_paired(Numbers{1, 2}, Numbers{2, 4});
  EXPECT_EQ(two.difference, -1.5);
  EXPECT_FALSE(two.interval || two.p || two.permutation_p || two.effect);
  EXPECT_FALSE(compare_unpaired(Numbers{1, 2}, Numbers{2, 4, 6}).p);
  EXPECT_THROW(compare_paired(Numbers{1}, Numbers{1, 2}), std::invalid_argument);
}

TEST(Comparison, WithoutSpreadIsCertain) {
  const Comparison same = compare_paired(Numbers{1, 2, 3}, Numbers{1, 2, 3});
  EXPECT_EQ(same.p, 1);
  EXPECT_FALSE(same.effect);
  const Comparison below = compare_paired(Numbers{1, 2, 3}, Numbers{2, 3, 4});
  EXPECT_EQ(below.p, 0);
  EXPECT_EQ(below.interval, (Interval{-1, -1}));
  EXPECT_EQ(compare_unpaired(Numbers{1, 1, 1}, Numbers{2, 2, 2}).p, 0);
}

TEST(Comparison, PermutesFromSixPairsOn) {
  const Numbers low = {1, 1, 1, 1, 1, 1};
  const Numbers high = {2, 2.1, 2.2, 2.3, 2.4, 2.5};
  EXPECT_EQ(compare_paired(low, high).permutation_p, 2.0 / 64);
  EXPECT_FALSE(
      compare_paired(std::span(low).first(5), std::span(high).first(5)).permutation_p.has_value());
}

TEST(Holm, AdjustsInItsOrder) {
  EXPECT_EQ(adjust_by_holm(Numbers{0.01, 0.04, 0.03}), (Numbers{0.03, 0.06, 0.06}));
  EXPECT_EQ(adjust_by_holm(Numbers{0.9, 0.5}), (Numbers{1, 1}));
  EXPECT_TRUE(adjust_by_holm({}).empty());
}

// Tables in which nothing differs: eight comparisons over five seeds each.
TEST(Holm, KeepsFalseAlarmsOfATableRare) {
  constexpr int kTables = 4000;
  constexpr int kComparisons = 8;
  constexpr int kSeeds = 5;
  std::mt19937_64 random(20261122);
  std::normal_distribution<double> error(1.8, 0.15);
  const auto draw = [&] {
    Numbers values(kSeeds);
    for (double& value : values) {
      value = error(random);
    }
    return values;
  };
  int alarms = 0;
  int alarmed_tables = 0;
  for (int table = 0; table < kTables; ++table) {
    Numbers p;
    for (int i = 0; i < kComparisons; ++i) {
      p.push_back(compare_paired(draw(), draw()).p.value());
      alarms += p.back() < 0.05 ? 1 : 0;
    }
    const Numbers adjusted = adjust_by_holm(p);
    alarmed_tables += std::ranges::min(adjusted) < 0.05 ? 1 : 0;
  }
  const double per_test = static_cast<double>(alarms) / (kTables * kComparisons);
  const double per_table = static_cast<double>(alarmed_tables) / kTables;
  std::cout << "false alarms: " << 100 * per_test << " % per test, " << 100 * per_table
            << " % per table after Holm\n";
  EXPECT_NEAR(per_test, 0.05, 0.015);
  EXPECT_LE(per_table, 0.065);
  EXPECT_GE(per_table, 0.03) << "as if nothing could ever be found";
}

}  // namespace
}  // namespace glimpse::reports
