#include "reports/charts/plot.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

TEST(Plot, MovesLabelsApartNoMoreThanNeeded) {
  EXPECT_EQ(spread_labels({10, 50, 90}, 12, {0, 100}), (std::vector<double>{10, 50, 90}));
  EXPECT_EQ(spread_labels({50, 50}, 12, {0, 100}), (std::vector<double>{44, 56}));
  EXPECT_EQ(spread_labels({56, 50}, 12, {0, 100}), (std::vector<double>{59, 47}));
  EXPECT_EQ(spread_labels({10, 10, 10}, 12, {10, 100}), (std::vector<double>{10, 22, 34}));
  EXPECT_EQ(spread_labels({98, 100}, 12, {10, 100}), (std::vector<double>{88, 100}));
  EXPECT_TRUE(spread_labels({}, 12, {0, 100}).empty());
}

TEST(Plot, KeepsManyLabelsApart) {
  std::vector<double> wanted;
  for (int i = 0; i < 40; ++i) {
    wanted.push_back(100 + (i * 7 % 13));
  }
  std::vector<double> placed = spread_labels(wanted, 12, {20, 200});
  std::sort(placed.begin(), placed.end());
  EXPECT_GE(placed.front(), 20 - 1e-9);
  for (std::size_t i = 1; i < placed.size(); ++i) {
    EXPECT_GE(placed[i] - placed[i - 1], 12 - 1e-9);
  }
}

TEST(Plot, TellsSeriesApartWithoutColour) {
  std::set<std::string> looks;
  std::set<std::string> marks;
  for (std::size_t series = 0; series < kSeriesStyles; ++series) {
    looks.insert(std::string(series_dash(series)));
    marks.insert(draw_mark(series, {0, 0}, 3).render());
  }
  EXPECT_EQ(looks.size(), kSeriesStyles);
  EXPECT_EQ(marks.size(), kSeriesStyles);
  EXPECT_EQ(series_class(9), series_class(1));
}

TEST(Plot, PutsLongNamesAboveTheirRows) {
  EXPECT_FALSE(lay_out_rows({"conv"}, 350, 24).is_stacked);
  EXPECT_FALSE(lay_out_rows({"ffn-spn, downsample 3"}, 960, 24).is_stacked);
  const RowLayout stacked = lay_out_rows({"conv", "ffn-spn, downsample 3"}, 350, 24);
  EXPECT_TRUE(stacked.is_stacked);
  EXPECT_GT(stacked.row_height, 24);
  EXPECT_NE(draw_row_label(stacked, 30, "ffn-spn, downsample 3")
                .render()
                .find(">ffn-spn, down"
                      "sample 3<"),
            std::string::npos);
}

TEST(Plot, NamesEverySoManyOfManyWords) {
  Element chart("g");
  draw_x_words(chart, {0, 0, 300, 100}, std::vector<std::string>(100, "w"), "n");
  const std::string svg = chart.render();
  std::size_t words = 0;
  for (std::size_t at = svg.find(">w<"); at != std::string::npos; at = svg.find(">w<", at + 1)) {
    ++words;
  }
  EXPECT_GT(words, 3U);
  EXPECT_LT(words, 14U);
}

TEST(Plot, CutsTextToItsRoom) {
  EXPECT_EQ(fit_text("short", 100), "short");
  EXPECT_LE(text_width(fit_text(std::string(65536, 'x'), 100)), 100);
  EXPECT_EQ(fit_text("none", -5), "");
  EXPECT_EQ(fit_text("a\nb", 100), "a\\nb");
}

TEST(Plot, NamesChartsForThoseWhoDoNotSeeThem) {
  const std::string svg = begin_chart({Id("curve", 3), "A & B", "Two lines."}, 350, 200).render();
  EXPECT_NE(svg.find("role=\"img\" aria-labelledby=\"curve-3-0 curve-3-1\""), std::string::npos);
  EXPECT_NE(svg.find("<title id=\"curve-3-0\">A &amp; B</title>"), std::string::npos);
  EXPECT_NE(svg.find("<desc id=\"curve-3-1\">Two lines.</desc>"), std::string::npos);
}

}  // namespace
}  // namespace glimpse::reports
