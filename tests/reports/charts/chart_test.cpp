// Each chart draws what it is given, and stays a drawing when that is little, odd or hostile.

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "reports/charts/bar_chart.h"
#include "reports/charts/effect_chart.h"
#include "reports/charts/heat_map.h"
#include "reports/charts/line_chart.h"
#include "reports/charts/parallel_chart.h"
#include "reports/charts/standalone.h"
#include "reports/charts/strip_chart.h"

namespace glimpse::reports {
namespace {

ChartText text() {
  return {Id("chart", 1), "title", "description"};
}

std::size_t count(const std::string& svg, std::string_view part) {
  std::size_t hits = 0;
  for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) {
    ++hits;
  }
  return hits;
}

void expect_finite(const std::string& svg) {
  EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
  EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
}

TEST(LineChart, DrawsMeanBandAndSingleRuns) {
  const LineChart chart{.text = text(),
                        .x_name = "epoch",
                        .y_name = "error",
                        .x_domain = {0, 10},
                        .y_domain = {0, 10},
                        .series = {{.label = "d 1",
                                    .mean = {{0, 10}, {10, 0}},
                                    .band = {{0, 9, 10}, {10, 0, 1}},
                                    .singles = {{{0, 10}, {10, 0}}, {{0, 9}, {10, 1}}},
                                    .dots = {{10, 0}}}}};
  const std::string svg = draw_line_chart(chart, 350, 220).render();
  EXPECT_EQ(count(svg, "class=\"mean\""), 1U);
  EXPECT_EQ(count(svg, "class=\"band\""), 1U);
  EXPECT_EQ(count(svg, "class=\"single\""), 2U);
  EXPECT_EQ(count(svg, "class=\"dot\""), 1U);
  EXPECT_NE(svg.find(">d 1</text>"), std::string::npos);
}

TEST(LineChart, LeavesOutWhatHasNoPlace) {
  const LineChart chart{.text = text(),
                        .y_kind = ScaleKind::kLog,
                        .x_domain = {0, 3},
                        .y_domain = {1, 10},
                        .series = {{.label = "a",
                                    .mean = {{0, 0}, {1, 1}, {2, NAN}, {3, 10}},
                                    .band = {{0, -1, 2}, {3, 5, 12}}},
                                   {.label = "empty"}}};
  const std::string svg = draw_line_chart(chart, 350, 220).render();
  expect_finite(svg);
  EXPECT_EQ(count(svg, "class=\"series"), 2U);
}

TEST(StripChart, DrawsADotPerSeed) {
  const StripChart chart{.text = text(),
                         .name = "test_error",
                         .rows = {{.label = "a",
                                   .values = {1, 1, 2},
                                   .mean = 4.0 / 3,
                                   .interval = Interval{1, 2},
                                   .published = 1.5},
                                  {.label = "b", .values = {NAN}, .note = "1 of 2"}}};
  const std::string svg = draw_strip_chart(chart, 350).render();
  expect_finite(svg);
  EXPECT_EQ(count(svg, "class=\"mark\""), 4U);  // three seeds and the published figure
  EXPECT_EQ(count(svg, "class=\"middle\""), 1U);
  EXPECT_NE(svg.find(">1 of 2</text>"), std::string::npos);
  expect_finite(draw_strip_chart({.text = text()}, 350).render());
}

TEST(HeatMap, WritesEachNumberAndAdmitsWhatIsMissing) {
  const HeatMap map{.text = text(),
                    .x_values = {"1", "2"},
                    .y_values = {"a", "b"},
                    .fields = {{1.0, 2.0}, {3.5, std::nullopt}}};
  const std::string svg = draw_heat_map(map, 350).render();
  EXPECT_EQ(count(svg, "class=\"hollow\""), 1U);
  EXPECT_NE(svg.find("fill=\"#440154\""), std::string::npos);
  EXPECT_NE(svg.find(">3.50</text>"), std::string::npos);
  expect_finite(draw_heat_map({.text = text()}, 350).render());
}

TEST(ParallelChart, DrawsALinePerTrialBestOnTop) {
  const ParallelChart chart{.text = text(),
                            .axes = {{.name = "model", .words = {"conv", "rnn"}},
                                     {.name = "rate", .kind = ScaleKind::kLog},
                                     {.name = "error"}},
                            .lines = {{.label = "best", .values = {1.0, 0.001, 1.5}},
                                      {.label = "worst", .values = {0.0, std::nullopt, 9.0}},
                                      {.label = "diverged", .values = {0.0, 0.1, std::nullopt}}}};
  const std::string svg = draw_parallel_chart(chart, 350, 220).render();
  expect_finite(svg);
  EXPECT_EQ(count(svg, "data-row="), 3U);
  EXPECT_GT(svg.find("data-label=\"best\""), svg.find("data-label=\"worst\""));
  EXPECT_NE(svg.find(">none</text>"), std::string::npos);
  EXPECT_EQ(count(svg, "data-axes=\"34,175,316\""), 1U);
}

TEST(EffectChart, JoinsOnlyWhatHasAnOrder) {
  EffectChart chart{.text = text(),
                    .parameter = "dropout",
                    .points = {{"0", 1, Interval{0.5, 1.5}}, {"0.2", 2, {}}},
                    .has_order = true,
                    .y_domain = {0, 3}};
  EXPECT_EQ(count(draw_effect_chart(chart, 350, 200).render(), "class=\"join\""), 1U);
  EXPECT_EQ(count(draw_effect_chart(chart, 350, 200).render(), "class=\"spread\""), 1U);
  chart.has_order = false;
  EXPECT_EQ(count(draw_effect_chart(chart, 350, 200).render(), "class=\"join\""), 0U);
}

TEST(BarChart, StartsEveryBarAtZero) {
  const BarChart chart{.text = text(), .rows = {{"a", 2, "2.0"}, {"b", 1, "1.0"}, {"c", 0, "0"}}};
  const std::string svg = draw_bar_chart(chart, 350).render();
  EXPECT_EQ(count(svg, "<rect"), 4U);  // and the ground
  EXPECT_EQ(count(svg, "width=\"0\""), 1U);
  expect_finite(draw_bar_chart({.text = text()}, 350).render());
}

TEST(Charts, StandAloneWithoutVariables) {
  const std::string svg =
      render_standalone(draw_strip_chart({.text = text(), .rows = {{.label = "a"}}}, 720));
  EXPECT_TRUE(svg.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns="));
  EXPECT_EQ(count(svg, "var("), 0U);
  EXPECT_NE(svg.find(".chart .s0 { color: #0072b2; }"), std::string::npos);
  EXPECT_NE(svg.find(".chart .ground { fill: #ffffff; }"), std::string::npos);
}

TEST(Charts, KeepHostileNamesText) {
  const std::string name = "<script>alert(1)</script>";
  const std::string svg =
      draw_strip_chart({.text = text(), .name = name, .rows = {{.label = name, .note = name}}}, 720)
          .render();
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace glimpse::reports
