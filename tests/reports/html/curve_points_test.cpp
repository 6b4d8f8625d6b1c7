#include "reports/html/curve_points.h"

#include <cmath>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

Curve curve_of(const std::vector<std::vector<double>>& seeds) {
  Curve curve{.label = "c"};
  for (const std::vector<double>& values : seeds) {
    CurveSeed seed{.seed = curve.seeds.size() + 1, .values = values};
    for (std::size_t i = 0; i < values.size(); ++i) {
      seed.epochs.push_back(static_cast<int>(i) + 1);
      seed.seconds.push_back(3600.0 * static_cast<double>(i + 1));
    }
    curve.seeds.push_back(seed);
  }
  return curve;
}

// A mean over those that are left would jump where a seed ends.
TEST(CurvePoints, AverageWhatAllSeedsHave) {
  const std::vector<MeanPoint> mean = average(curve_of({{4, 2, 1}, {6, 4}}));
  ASSERT_EQ(mean.size(), 2U);
  EXPECT_EQ(mean[1].epoch, 2);
  EXPECT_DOUBLE_EQ(mean[1].sample.mean, 3);
  EXPECT_DOUBLE_EQ(mean[1].seconds.value(), 7200);
}

TEST(CurvePoints, LeaveOutWhatIsNoNumber) {
  const std::vector<MeanPoint> mean = average(curve_of({{4, NAN, 1}, {6, 4, 3}}));
  ASSERT_EQ(mean.size(), 2U);
  EXPECT_EQ(mean[1].epoch, 3);
}

TEST(CurvePoints, HaveABandFromThreeSeedsOn) {
  EXPECT_TRUE(make_series(curve_of({{1, 2}, {2, 3}}), kEpochAxis, 150).band.empty());
  EXPECT_EQ(make_series(curve_of({{1, 2}, {2, 3}, {3, 4}}), kEpochAxis, 150).band.size(), 2U);
}

TEST(CurvePoints, AreThinnedOutToTheLastOne) {
  EXPECT_EQ(thin_out(5, 10), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(thin_out(10, 4), (std::vector<std::size_t>{0, 3, 6, 9}));
  EXPECT_EQ(thin_out(11, 4), (std::vector<std::size_t>{0, 3, 6, 9, 10}));
  EXPECT_TRUE(thin_out(0, 4).empty());
  for (std::size_t count = 1; count < 2000; ++count) {
    EXPECT_LE(thin_out(count, 150).size(), 151U);
    EXPECT_EQ(thin_out(count, 150).back(), count - 1);
  }
}

TEST(CurvePoints, AreFewerWhereThereAreManyCurves) {
  CurveContent curves{"m", {{"p", {curve_of({{5, 3}})}}}};
  EXPECT_EQ(points_per_curve(curves), 150U);
  curves.panels[0].curves.resize(500, curves.panels[0].curves[0]);
  EXPECT_LT(points_per_curve(curves), 50U);
  curves.panels[0].curves.resize(50'000, curves.panels[0].curves[0]);
  EXPECT_GE(points_per_curve(curves), 10U);
}

TEST(CurvePoints, MarkTheEpochThatValidationChose) {
  Curve curve = curve_of({{5, 3, 4}});
  curve.seeds[0].best_epoch = 2;
  const LineSeries series = make_series(curve, {"hours", 3600}, 150);
  ASSERT_EQ(series.dots.size(), 1U);
  EXPECT_DOUBLE_EQ(series.dots[0].x, 2);
  EXPECT_DOUBLE_EQ(series.dots[0].y, 3);
}

TEST(CurvePoints, NeedNoTimes) {
  Curve curve = curve_of({{5, 3}, {4, 2}});
  EXPECT_TRUE(pick_time_axis({"m", {{"p", {curve}}}}));
  for (CurveSeed& seed : curve.seeds) {
    seed.seconds.clear();
  }
  EXPECT_FALSE(pick_time_axis({"m", {{"p", {curve}}}}));
  EXPECT_TRUE(make_series(curve, {"hours", 3600}, 150).mean.empty());
  EXPECT_EQ(make_series(curve, kEpochAxis, 150).mean.size(), 2U);
}

TEST(CurvePoints, CountTimeInAUnitThatSuitsTheLongestRun) {
  Curve curve = curve_of({{5, 3}});
  const auto name = [&](double seconds) {
    curve.seeds[0].seconds.back() = seconds;
    return pick_time_axis({"m", {{"p", {curve}}}}).value_or(CurveAxis{}).name;
  };
  EXPECT_EQ(name(12), "seconds");
  EXPECT_EQ(name(1200), "minutes");
  EXPECT_EQ(name(20000), "hours");
}

}  // namespace
}  // namespace glimpse::reports
