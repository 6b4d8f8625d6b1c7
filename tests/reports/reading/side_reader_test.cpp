#include "reports/reading/side_reader.h"

#include <gtest/gtest.h>

#include "tests/reports/export/export_results.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::reports {
namespace {

using tests::ExportResults;

class TwoRuns : public testing::Test {
 protected:
  static std::filesystem::path make_results(const std::filesystem::path& folder) {
    ExportResults results(folder, "study", "{}", "loss");
    results.plan({{{"p", 1.5}, {"name", std::string("a")}}}, 2);
    results.start(0);
    results.end_epoch(0, {{"loss", 4}, {"accuracy", 10}});
    results.end_epoch(0, {{"loss", 2}, {"accuracy", 90}});
    results.end_epoch(0, {{"loss", 3}, {"late", 7}});
    results.finish(0);
    return folder / "glimpse.db";
  }

  tests::TempDir dir_;
  storage::Query results_{make_results(dir_.path())};
  std::string done_ = tests::sample_key(0).substr(0, 32);
  std::string pending_ = tests::sample_key(1).substr(0, 32);
};

TEST_F(TwoRuns, HaveTheirMetricsAtTheBestEpochAndElseAtTheLast) {
  const RunSide run = read_run_side(results_, done_);
  EXPECT_EQ(run.side.figures,
            (std::map<std::string, double>{{"loss", 2}, {"accuracy", 90}, {"late", 7}}));
  EXPECT_EQ(run.metric, "loss");
}

TEST_F(TwoRuns, HaveTheirSettings) {
  const Side side = read_run_side(results_, done_).side;
  EXPECT_EQ(side.name, done_.substr(0, side.name.size()));
  EXPECT_EQ(side.settings.at("p"), "1.5");
  EXPECT_EQ(side.settings.at("name"), "a");
  EXPECT_EQ(side.settings.at("seed"), "1");
  EXPECT_EQ(side.settings.at("state"), "done");
  const Side other = read_run_side(results_, pending_).side;
  EXPECT_EQ(other.settings.at("seed"), "2");
  EXPECT_EQ(other.settings.at("state"), "pending");
}

TEST_F(TwoRuns, HaveCurvesOfTheMetricThatIsAskedFor) {
  const RunSide run = read_run_side(results_, done_);
  ASSERT_EQ(run.curve.seeds.size(), 1U);
  EXPECT_EQ(run.curve.seeds[0].values, (std::vector<double>{4, 2, 3}));
  EXPECT_EQ(run.curve.seeds[0].best_epoch, 2);
  EXPECT_EQ(read_run_side(results_, done_, "accuracy").curve.seeds.at(0).values,
            (std::vector<double>{10, 90}));
  EXPECT_TRUE(read_run_side(results_, pending_).curve.seeds.empty());
}

TEST_F(TwoRuns, ComeAsPanelsOfTheCellsThatAreCompared) {
  StudyResults results;
  results.study.name = "study";
  results.study.kind = experiments::StudyKind::kCommand;
  results.study.metric.name = "loss";
  results.configurations = {{{"p", 1.5}}};
  results.runs = {{.run_id = done_, .seed = 1, .state = "done", .best_epoch = 2, .value = 2},
                  {.run_id = pending_, .seed = 2, .state = "pending"}};
  const std::vector<StudyReport> studies(2, make_report(results, {}));
  const auto cells = compare_studies(studies);
  const CurveContent curves = read_compared_curves(studies, cells, results_);
  EXPECT_EQ(curves.metric, "loss");
  ASSERT_EQ(curves.panels.size(), 1U);
  EXPECT_EQ(curves.panels[0].title, cells.at(0).label);
  ASSERT_EQ(curves.panels[0].curves.size(), 2U);
  EXPECT_EQ(curves.panels[0].curves[1].seeds.size(), 1U) << "the other run has no epochs";
}

}  // namespace
}  // namespace glimpse::reports
