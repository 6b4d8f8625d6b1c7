#include "reports/study_results.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Study;
using experiments::Value;

Assignment configuration(const std::string& model, double dropout) {
  return {{"model", model}, {"dropout", dropout}, {"epochs", 10.0}};
}

// Two models with two dropout rates each, on two seeds.
StudyResults sample() {
  StudyResults results;
  results.configurations = {configuration("rnn-spn", 0),
                            configuration("rnn-spn", 0.5),
                            configuration("conv", 0),
                            configuration("conv", 0.5)};
  for (std::uint32_t i = 0; i < 4; ++i) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      results.runs.push_back({.run_id = std::to_string(i) + std::to_string(seed),
                              .seed = seed,
                              .configuration = i,
                              .state = "done",
                              .value = i + 0.1 * static_cast<double>(seed)});
    }
  }
  results.study.table.emplace();
  results.study.table->rows = "model";
  return results;
}

void select(StudyResults& results) {
  results.study.table->select = experiments::Selection{.over = {"dropout"}};
  const experiments::Score unscored;
  results.selection = {
      {.candidates = {{0, unscored}, {1, unscored}}, .is_decided = true, .winner = 1},
      {.candidates = {{2, unscored}, {3, unscored}}, .is_decided = false, .winner = {}}};
}

TEST(StudyResults, GiveEveryConfigurationACellWhereNothingSelects) {
  const std::vector<CellRuns> cells = cells_of(sample());
  ASSERT_EQ(cells.size(), 4U);
  EXPECT_EQ(cells[1].place, (Assignment{{"model", std::string("rnn-spn")}, {"dropout", 0.5}}))
      << "what all configurations share is no part of a place";
  ASSERT_EQ(cells[1].seeds.size(), 2U);
  EXPECT_EQ(cells[1].seeds[1].run_id, "12");
  EXPECT_EQ(cells[1].configuration, configuration("rnn-spn", 0.5));
}

TEST(StudyResults, CountTheWinnerAlone) {
  StudyResults results = sample();
  select(results);
  const std::vector<CellRuns> cells = cells_of(results);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].place, (Assignment{{"model", std::string("rnn-spn")}}));
  EXPECT_EQ(cells[0].configuration, configuration("rnn-spn", 0.5));
  ASSERT_EQ(cells[0].seeds.size(), 2U);
  EXPECT_EQ(cells[0].seeds[0].value, 1.1);
}

TEST(StudyResults, ShowCandidatesWithoutTheirValuesUntilOneHasWon) {
  StudyResults results = sample();
  select(results);
  const CellRuns cell = cells_of(results).at(1);
  EXPECT_FALSE(cell.is_decided);
  EXPECT_EQ(cell.seeds.size(), 4U);
  EXPECT_FALSE(cell.seeds[0].value);
  EXPECT_TRUE(cell.configuration.empty());
}

TEST(StudyResults, MakeATableWhereTheStudyHasNone) {
  StudyResults results = sample();
  results.study.table.reset();
  EXPECT_EQ(table_of(results.study).metric, "test_error");
  EXPECT_EQ(cells_of(results).size(), 4U);
  results.study.kind = experiments::StudyKind::kCommand;
  results.study.metric.name = "loss";
  EXPECT_EQ(table_of(results.study).metric, "loss");
}

}  // namespace
}  // namespace glimpse::reports
