#include "reports/side_by_side.h"

#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Study;
using experiments::StudyKind;

constexpr std::uint64_t kSeeds = 5;

// One configuration per x, with these values on the seeds from `first_seed` on.
StudyReport make_study(const std::string& name,
                       const std::vector<std::pair<double, std::vector<double>>>& cells,
                       std::uint64_t first_seed = 1) {
  StudyResults results;
  Study& study = results.study;
  study.name = name;
  study.kind = StudyKind::kCommand;
  study.metric.name = "loss";
  study.table.emplace();
  study.table->metric = "loss";
  study.table->rows = "x";
  for (const auto& [x, values] : cells) {
    const auto configuration = static_cast<std::uint32_t>(results.configurations.size());
    results.configurations.push_back({{"x", x}});
    for (std::size_t i = 0; i < values.size(); ++i) {
      results.runs.push_back({.run_id = name + std::to_string(i),
                              .seed = first_seed + i,
                              .configuration = configuration,
                              .state = "done",
                              .value = values[i]});
    }
  }
  return make_report(std::move(results), {});
}

std::vector<std::string> text_of(const TextTable& table) {
  std::vector<std::string> lines;
  for (const Row& row : table.rows) {
    std::string line;
    for (const Cell& cell : row) {
      line += (line.empty() ? "" : " | ") + render_short(cell);
    }
    lines.push_back(line);
  }
  return lines;
}

TEST(SideBySide, PairsSharedSeeds) {
  const auto cells = compare_studies(
      {make_study("a", {{1, {10, 20, 30}}}), make_study("b", {{1, {11, 21.1, 30.9}}})});
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_TRUE(cells[0].is_paired);
  EXPECT_NEAR(cells[0].comparison->difference, 1, 1e-12) << "the other minus the first";
  EXPECT_TRUE(cells[0].differs());
}

TEST(SideBySide, TakesWelchWhereNoSeedIsShared) {
  const auto cells = compare_studies(
      {make_study("a", {{1, {10, 20, 30}}}), make_study("b", {{1, {11, 21, 31}}}, 4)});
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_FALSE(cells[0].is_paired);
  EXPECT_NEAR(cells[0].comparison->difference, 1, 1e-12);
  EXPECT_FALSE(cells[0].differs());
}

TEST(SideBySide, ComparesTheCellsThatAllHave) {
  const std::vector<StudyReport> studies = {make_study("a", {{1, {1, 1, 1}}, {2, {1, 2, 3}}}),
                                            make_study("b", {{2, {1, 2, 4}}, {3, {5, 5, 5}}})};
  const auto cells = compare_studies(studies);
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells[0].label, "2");
  EXPECT_EQ(cells[0].first, 1U);
  EXPECT_EQ(cells[0].other, 0U);
  const std::vector<std::string> figures = text_of(figure_rows(studies, cells));
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_TRUE(figures[0].starts_with("2 | a | 3 | 2 | ")) << figures[0];
  EXPECT_TRUE(figures[1].starts_with("2 | b | 3 | 2.33333 | ")) << figures[1];
}

// A sweep has places where a single configuration has none.
TEST(SideBySide, ComparesEqualConfigurationsWhereNoPlaceIsShared) {
  StudyReport sweep = make_study("a", {{1, {1, 1, 1}}, {2, {1, 2, 3}}});
  StudyReport single = make_study("b", {{2, {1, 2, 4}}});
  single.assessed.cells[0].runs.place.clear();
  const auto cells = compare_studies({sweep, single});
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells[0].first, 1U);
}

TEST(SideBySide, AdjustsOverAllLines) {
  const std::vector<double> before = {10, 20, 30};
  const std::vector<double> after = {11, 21.1, 30.9};
  const auto cells = compare_studies({make_study("a", {{1, before}, {2, before}}),
                                      make_study("b", {{1, after}, {2, after}}),
                                      make_study("c", {{1, after}, {2, after}})});
  ASSERT_EQ(cells.size(), 4U);
  for (const ComparedCell& cell : cells) {
    EXPECT_DOUBLE_EQ(cell.adjusted_p.value(), 4 * cell.comparison->p.value());
  }
}

TEST(SideBySide, SaysWhatIsIncomplete) {
  StudyReport broken = make_study("b", {{1, {1, 2, 3}}});
  broken.assessed.cells[0].is_complete = false;
  const std::vector<StudyReport> studies = {make_study("a", {{1, {1, 2, 3}}}), broken};
  const auto cells = compare_studies(studies);
  const std::vector<std::string> lines = text_of(difference_rows(studies, cells));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("1 | b | a | incomplete | ")) << lines[0];
}

TEST(SideBySide, SaysWhereSeedsAreTooFew) {
  const std::vector<StudyReport> studies = {make_study("a", {{1, {1, 2}}}),
                                            make_study("b", {{1, {5, 6}}})};
  const std::vector<std::string> lines =
      text_of(difference_rows(studies, compare_studies(studies)));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("1 | b | a | too few seeds | 4 | ")) << lines[0];
}

TEST(SideBySide, RefusesTablesOfDifferentMetrics) {
  StudyReport other = make_study("b", {{1, {1, 2, 3}}});
  other.table.metric = "error";
  EXPECT_THROW(compare_studies({make_study("a", {{1, {1, 2, 3}}}), other}), std::invalid_argument);
}

// Two halves of one experiment differ by chance alone, in one comparison of twenty.
TEST(SideBySide, FindsNoDifferenceBetweenEqualStudiesMoreOftenThanItSays) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(5, 1);
  const auto draw = [&] {
    std::vector<double> values(kSeeds);
    for (double& value : values) {
      value = noise(random);
    }
    return values;
  };
  constexpr int kStudies = 4000;
  int found = 0;
  for (int i = 0; i < kStudies; ++i) {
    const auto cells = compare_studies(
        {make_study("left", {{1, draw()}}), make_study("right", {{1, draw()}}, kSeeds + 1)});
    found += cells.at(0).differs() ? 1 : 0;
  }
  // Half a percent point is 1.5 standard deviations of such a count.
  EXPECT_LT(found, kStudies * 0.055);
  EXPECT_GT(found, kStudies * 0.02) << "or it would find nothing at all";
}

TEST(SideBySide, TellsTheSettingsThatDiffer) {
  StudyReport left = make_study("a", {{1, {1, 1}}, {2, {1, 1}}});
  StudyReport right = make_study("b", {{1, {1, 1}}});
  right.results.study.arm = "right";
  EXPECT_EQ(text_of(setting_rows({side_of(left), side_of(right)})),
            (std::vector<std::string>{"arm |  | right", "x | 1, 2 | 1"}));
}

TEST(SideBySide, KnowsWhatAStudyLeavesToTheDefaults) {
  StudyReport plain;
  plain.results.study.name = "plain";
  plain.results.study.dataset.emplace();
  plain.results.configurations = {{{"model", std::string("conv")}}};
  StudyReport given = plain;
  given.results.study.name = "given";
  given.results.configurations = {{{"model", std::string("conv")}, {"dropout", 0.5}}};
  const std::vector<std::string> lines = text_of(setting_rows({side_of(plain), side_of(given)}));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("dropout | 0")) << lines[0];
}

TEST(SideBySide, ShowsRunsWithTheirDifferencesFromTheFirst) {
  const Side first{.name = "aa", .figures = {{"loss", 2}, {"only", 1}}};
  const Side second{.name = "bb", .figures = {{"loss", 5}}};
  const TextTable two = run_rows({first, second});
  EXPECT_EQ(two.columns, (std::vector<std::string>{"metric", "aa", "bb", "difference"}));
  EXPECT_EQ(text_of(two), (std::vector<std::string>{"loss | 2 | 5 | 3", "only | 1 |  | "}));
  EXPECT_EQ(run_rows({first, second, first}).columns.back(), "difference of aa");
}

}  // namespace
}  // namespace glimpse::reports
