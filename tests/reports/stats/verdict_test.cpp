#include "reports/stats/verdict.h"

#include <cmath>
#include <iostream>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using Numbers = std::vector<double>;

constexpr PublishedFigure kFigure{.value = 1.5, .unit = 0.1, .margin = 0.3};

Verdict verdict_of(const Numbers& values, const PublishedFigure& figure = kFigure) {
  return judge(summarize(values), figure).verdict;
}

TEST(Verdict, IsWorseOrBetterBeyondTheMargin) {
  EXPECT_EQ(verdict_of({2.0, 2.1, 2.05}), Verdict::kWorse);
  EXPECT_EQ(verdict_of({0.9, 1.0, 0.95}), Verdict::kBetter);
  PublishedFigure score = kFigure;
  score.is_maximized = true;
  EXPECT_EQ(verdict_of({2.0, 2.1, 2.05}, score), Verdict::kBetter);
  EXPECT_EQ(verdict_of({0.9, 1.0, 0.95}, score), Verdict::kWorse);
}

TEST(Verdict, IsReproducedWithinIt) {
  EXPECT_EQ(verdict_of({1.45, 1.5, 1.55}), Verdict::kReproduced);
  EXPECT_EQ(verdict_of({1.5, 1.5, 1.5}), Verdict::kReproduced);
  // Surely different from the figure, and yet within the margin.
  EXPECT_EQ(verdict_of({1.60, 1.61, 1.62}), Verdict::kReproduced);
}

TEST(Verdict, CountsHalfAUnitOfThePrintedDigit) {
  const Numbers values = {1.80, 1.80, 1.81};
  EXPECT_EQ(verdict_of(values), Verdict::kReproduced);
  PublishedFigure exact = kFigure;
  exact.unit = 0;
  EXPECT_NE(verdict_of(values, exact), Verdict::kReproduced);
}

TEST(Verdict, IsConsistentWhereTheFigureCouldBeOneMoreRun) {
  EXPECT_EQ(verdict_of({1.3, 1.7, 2.1}), Verdict::kConsistent);
}

TEST(Verdict, NamesTheSeedsThatWouldTell) {
  const Judgement none = judge(summarize({}), kFigure);
  EXPECT_EQ(none.verdict, Verdict::kInconclusive);
  EXPECT_EQ(none.more_seeds, 3U);
  EXPECT_EQ(judge(summarize(Numbers{1.5}), kFigure).more_seeds, 2U);
  EXPECT_EQ(judge(summarize(Numbers{1.5, 1.52}), kFigure).more_seeds, 1U);

  // Nearly at the margin, with little spread: the figure is no likely run, and the mean not surely
  // on either side.
  const Sample sample = summarize(Numbers{1.78, 1.80, 1.83, 1.85, 1.87, 1.88});
  const Judgement judgement = judge(sample, kFigure);
  ASSERT_EQ(judgement.verdict, Verdict::kInconclusive);
  ASSERT_TRUE(judgement.more_seeds);
  Sample larger = sample;
  larger.n += *judgement.more_seeds - 1;
  EXPECT_EQ(judge(larger, kFigure).verdict, Verdict::kInconclusive);
  ++larger.n;
  EXPECT_NE(judge(larger, kFigure).verdict, Verdict::kInconclusive);
}

TEST(Verdict, HasAWordForEach) {
  EXPECT_EQ(name_of(Verdict::kWorse), "worse");
  EXPECT_EQ(name_of(Verdict::kNotComparable), "not comparable");
}

// Where our runs and the published one are draws of the same thing, whose spread is that of real
// trainings, the answer must hardly ever be "worse" or "better".
TEST(Verdict, OfAPerfectReproductionIsKind) {
  constexpr int kTables = 4000;
  for (const int seeds : {3, 5, 10}) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> error(1.5, 0.12);
    std::map<Verdict, int> count;
    for (int table = 0; table < kTables; ++table) {
      PublishedFigure figure = kFigure;
      figure.value = std::round(error(random) / figure.unit) * figure.unit;
      Numbers values;
      for (int i = 0; i < seeds; ++i) {
        values.push_back(error(random));
      }
      ++count[verdict_of(values, figure)];
    }
    std::cout << "perfect reproduction, n = " << seeds << ":";
    for (const auto& [verdict, times] : count) {
      std::cout << ' ' << name_of(verdict) << ' ' << 100.0 * times / kTables << " %";
    }
    std::cout << '\n';
    const int good = count[Verdict::kReproduced] + count[Verdict::kConsistent];
    EXPECT_GT(good, kTables * 95 / 100);
    EXPECT_LT(count[Verdict::kWorse] + count[Verdict::kBetter], kTables / 100);
  }
}

}  // namespace
}  // namespace glimpse::reports
