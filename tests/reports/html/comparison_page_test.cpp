#include "reports/html/comparison_page.h"

#include <gtest/gtest.h>

#include "reports/html/curve_points.h"
#include "reports/html/page.h"
#include "reports/markup/element.h"

namespace glimpse::reports {
namespace {

CurveContent two_curves() {
  const Curve left{.label = "left",
                   .seeds = {{.seed = 1, .epochs = {1, 2, 3}, .values = {9, 5, 3}},
                             {.seed = 2, .epochs = {1, 2}, .values = {7, 3}}}};
  const Curve right{.label = "right", .seeds = {{.seed = 1, .epochs = {1, 3}, .values = {4, 2}}}};
  return {.metric = "loss", .panels = {{.title = "cell", .curves = {left, right}}}};
}

TEST(ComparisonPage, HoldsTablesAndCurves) {
  const TextTable table{.columns = {"cell", "difference"}, .rows = {{std::string("one"), 1.25}}};
  const std::string page = render_comparison(
      {.title = "a and b",
       .lead = "Nothing differs.",
       .parts = {{"Differences", table, "None."}, {"Settings", {{"setting"}, {}}, "None."}},
       .curves = two_curves()});
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n"));
  EXPECT_NE(page.find("1.25"), std::string::npos);
  EXPECT_NE(page.find("None."), std::string::npos);
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_NE(page.find(escape_markup(page_policy())), std::string::npos);
}

TEST(ComparisonPage, EscapesNames) {
  const std::string page =
      render_comparison({.title = "<script>alert(1)</script>",
                         .parts = {{"Part", {{"a"}, {{std::string("<img src=x>")}}}, ""}}});
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
}

TEST(CurveRows, AreMeansOverTheSeedsThatGotThere) {
  const TextTable rows = curve_rows(two_curves(), 10);
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"curves", "epoch", "left", "right"}));
  ASSERT_EQ(rows.rows.size(), 3U);
  EXPECT_EQ(std::get<double>(rows.rows[0][2]), 8);
  EXPECT_EQ(std::get<double>(rows.rows[0][3]), 4);
  EXPECT_EQ(std::get<double>(rows.rows[1][2]), 4);
  EXPECT_EQ(rows.rows[1][3], Cell()) << "no epoch 2";
  EXPECT_EQ(rows.rows[2][2], Cell()) << "one seed of two";
  EXPECT_EQ(std::get<double>(rows.rows[2][3]), 2);
}

}  // namespace
}  // namespace glimpse::reports
