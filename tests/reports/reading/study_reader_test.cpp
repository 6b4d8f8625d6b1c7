#include "reports/reading/study_reader.h"

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/reports/export/export_results.h"
#include "tests/storage/sqlite/samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using tests::ExportResults;

class Sweep : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> points(const RunFacts& run) {
    std::vector<std::string> lines;
    reader_.read_metrics(run, [&](const MetricPoint& point) {
      lines.push_back(std::to_string(point.epoch) + " " + point.name + " " +
                      (point.value ? std::to_string(*point.value) : "-"));
    });
    return lines;
  }

  static std::filesystem::path make_sweep(const std::filesystem::path& folder) {
    tests::make_sweep(folder);
    return folder / "glimpse.db";
  }

  tests::TempDir dir_;
  storage::Query results_{make_sweep(dir_.path())};
  StudyReader reader_{results_};
};

TEST_F(Sweep, IsReadInTheOrderOfItsPlan) {
  const StudyFacts study = reader_.read_study("sweep");
  EXPECT_EQ(study.metric, "valid_error");
  EXPECT_FALSE(study.is_maximized);
  std::vector<std::string> places;
  std::vector<std::string> expected(10);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i] = tests::sample_key(i).substr(0, 32) + " " + std::to_string(i) + " " +
                  std::to_string(i / 2) + " " + std::to_string(i % 2 + 1);
  }
  places.reserve(study.runs.size());
  for (const RunFacts& run : study.runs) {
    places.push_back(run.run_id + " " + std::to_string(run.position) + " " +
                     std::to_string(run.configuration) + " " + std::to_string(run.seed));
  }
  EXPECT_EQ(places, expected);
}

TEST_F(Sweep, HasParametersOfAllKinds) {
  const Assignment parameters = reader_.read_study("sweep").runs.at(2).parameters;
  EXPECT_EQ(parameters,
            (Assignment{{"model", std::string("../x")},
                        {"learning_rate", 0.01},
                        {"depth", 2.0},
                        {"noise", 0.01 * 2 - 0.25},
                        {"flag", false}}));
}

TEST_F(Sweep, KnowsWhatBecameOfItsRuns) {
  const std::vector<RunFacts> runs = reader_.read_study("sweep").runs;
  EXPECT_EQ(runs[0].objective, 10.25);
  EXPECT_EQ(runs[0].best_epoch, 3);
  EXPECT_EQ(runs[0].attempts, 2);
  EXPECT_EQ(runs[0].finished_attempt, 2);
  EXPECT_EQ(runs[0].started, "2023-11-14T22:14:20.000Z");
  EXPECT_EQ(runs[0].started_ms, tests::kExportStartMs + 60'000);
  EXPECT_TRUE(runs[0].is_completed());
}

TEST_F(Sweep, KnowsRunsThatAreNotCompleted) {
  const std::vector<RunFacts> runs = reader_.read_study("sweep").runs;
  EXPECT_EQ(runs[5].outcome, "diverged");
  EXPECT_FALSE(runs[5].objective) << "a diverged run has none";
  EXPECT_EQ(runs[6].state, "failed");
  EXPECT_EQ(runs[7].state, "running");
  EXPECT_EQ(runs[7].objective, 3);
  EXPECT_EQ(runs[7].ended, "");
  EXPECT_EQ(runs[7].finished_attempt, 0);
  EXPECT_EQ(runs[8].state, "pending");
  EXPECT_FALSE(runs[8].started_ms);
}

TEST_F(Sweep, GivesCurvesByEpochAndName) {
  const std::vector<RunFacts> runs = reader_.read_study("sweep").runs;
  EXPECT_EQ(points(runs[1]),
            (std::vector<std::string>{"1 train_loss 10.000000",
                                      "1 valid_error 30.000000",
                                      "2 train_loss 3.666667",
                                      "2 valid_error 11.000000"}));
  EXPECT_EQ(points(runs[5]), (std::vector<std::string>{"1 train_loss -", "1 valid_error 1.000000"}))
      << "NaN is no value";
  EXPECT_EQ(points(runs[8]), std::vector<std::string>{});
}

TEST_F(Sweep, KnowsWhenAnEpochEnded) {
  std::vector<std::int64_t> times;
  reader_.read_metric(reader_.read_study("sweep").runs.at(0),
                      "valid_error",
                      [&](const MetricPoint& point) { times.push_back(point.time_ms.value()); });
  const std::int64_t start = tests::kExportStartMs + 60'000;
  EXPECT_EQ(
      times,
      (std::vector<std::int64_t>{start + 1000, start + 2000, start + 64'000, start + 65'000}));
}

TEST_F(Sweep, IsRefusedUnderANameThatNobodyKnows) {
  EXPECT_THROW(static_cast<void>(reader_.read_study("swep")), storage::StorageError);
}

TEST_F(Sweep, KeepsItsBestRunsInTheOrderOfThePlan) {
  StudyFacts study = reader_.read_study("sweep");
  keep_best(study, 3);
  ASSERT_EQ(study.runs.size(), 3U);
  EXPECT_EQ(study.runs[0].position, 0);
  EXPECT_EQ(study.runs[1].position, 2);
  EXPECT_EQ(study.runs[2].position, 3);
  keep_best(study, 1);
  EXPECT_EQ(study.runs.at(0).position, 3) << "the running one is better, but not done";
  keep_best(study, 100);
  EXPECT_EQ(study.runs.size(), 1U);
}

TEST(StudyReader, TakesTheMetricOfTheStudyThatIsAskedFor) {
  const tests::TempDir dir;
  {
    ExportResults results(dir.path(), "first", "{}", "loss");
    results.plan({{{"p", 1.0}}}, 1);
    results.start(0);
    results.end_epoch(0, {{"loss", 4}, {"accuracy", 10}});
    results.end_epoch(0, {{"loss", 2}, {"accuracy", 90}});
    results.end_epoch(0, {{"loss", 3}, {"accuracy", 80}});
    results.finish(0);
    const std::string key = tests::sample_key(0);
    const storage::PlannedTrialEntry entry{.key = key, .code = "1", .parameters_json = "{}"};
    results.store().ledger().add_plan({.name = "second",
                                       .text_hash = "ffeeddccbbaa99887766554433221100",
                                       .resolved_json = "{}",
                                       .metric = "accuracy",
                                       .is_maximized = true},
                                      {&entry, 1},
                                      tests::kExportStartMs + 1);
  }
  storage::Query query(dir / "glimpse.db");
  const StudyReader reader(query);
  EXPECT_EQ(reader.read_study("first").runs.at(0).objective, 2);
  const StudyFacts second = reader.read_study("second");
  EXPECT_TRUE(second.is_maximized);
  EXPECT_EQ(second.runs.at(0).objective, 90);
}

TEST(StudyReader, GivesTextsThatAreValid) {
  const tests::TempDir dir;
  {
    ExportResults results(dir.path(), "s", "{}", "loss");
    results.plan({{{"p", 1.0}}}, 1);
    results.start(0);
    results.end_epoch(0, {{"a\xff", 4}});
  }
  storage::Query query(dir / "glimpse.db");
  const StudyReader reader(query);
  std::string name;
  reader.read_metrics(reader.read_study("s").runs.at(0),
                      [&](const MetricPoint& point) { name = point.name; });
  EXPECT_EQ(name, "a\xef\xbf\xbd");
}

TEST(KeepBest, TakesTheFirstOfEqualRunsAndTheLargestWhereMoreIsBetter) {
  const auto run = [](std::int64_t position, double objective) {
    return RunFacts{
        .position = position, .state = "done", .outcome = "completed", .objective = objective};
  };
  StudyFacts study{.runs = {run(0, 1), run(1, 5), run(2, 5), run(3, 5)}};
  study.is_maximized = true;
  keep_best(study, 2);
  ASSERT_EQ(study.runs.size(), 2U);
  EXPECT_EQ(study.runs[0].position, 1);
  EXPECT_EQ(study.runs[1].position, 2);
}

}  // namespace
}  // namespace glimpse::reports
