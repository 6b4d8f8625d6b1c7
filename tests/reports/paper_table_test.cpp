#include "reports/paper_table.h"

#include <gtest/gtest.h>

#include "reports/study_results.h"

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Parameter;
using experiments::Study;
using experiments::Value;

Study study() {
  Study study;
  study.parameters = {{"downsample", std::vector<Value>{4.0, 2.0, 10.0}},
                      {"model", std::vector<Value>{std::string("rnn"), std::string("conv")}}};
  study.table.emplace();
  study.table->rows = "model";
  study.table->columns = "downsample";
  return study;
}

CellRuns runs(Assignment place, const std::vector<double>& values) {
  CellRuns runs{.place = std::move(place)};
  for (const double value : values) {
    runs.seeds.push_back({.seed = runs.seeds.size() + 1, .state = "done", .value = value});
  }
  return runs;
}

const Value kRnn = std::string("rnn");
const Value kConv = std::string("conv");

PaperTable lay_out_cells(const Study& given, std::vector<CellRuns> cells) {
  return lay_out(given,
                 *given.table,
                 assess(*given.table, experiments::Goal::kMinimize, std::move(cells), {}));
}

TEST(PaperTable, KeepsTheOrderOfTheStudy) {
  const PaperTable table = lay_out_cells(study(),
                                         {runs({{"model", kConv}}, {3}),
                                          runs({{"model", kRnn}, {"downsample", 10.0}}, {1}),
                                          runs({{"model", kRnn}, {"downsample", 4.0}}, {2})});
  EXPECT_EQ(table.columns, (std::vector<std::string>{"4", "10"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].label, "rnn");
  EXPECT_EQ(table.rows[0].cells, (std::vector<std::optional<std::size_t>>{2, 1}));
  EXPECT_EQ(table.rows[1].label, "conv");
  EXPECT_EQ(table.rows[1].across, 0U) << "a figure without a column stands across";
}

TEST(PaperTable, HasOneColumnWhereTheStudyNamesNone) {
  Study narrow = study();
  narrow.table->columns.clear();
  const PaperTable table = lay_out_cells(narrow, {runs({{"model", kRnn}}, {1})});
  EXPECT_EQ(table.columns, (std::vector<std::string>{""}));
  EXPECT_EQ(table.rows.at(0).cells.at(0), 0U);
}

TEST(PaperTable, TellsRowsApartByWhatElseVaries) {
  const PaperTable table =
      lay_out_cells(study(),
                    {runs({{"model", kRnn}, {"downsample", 2.0}, {"dropout", 0.0}}, {1}),
                     runs({{"model", kRnn}, {"downsample", 2.0}, {"dropout", 0.5}}, {2})});
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[1].label, "rnn, dropout 0.5");
}

TEST(PaperTable, PrintsMeanAndHalfOfTheInterval) {
  const ResultTable results =
      assess(*study().table,
             experiments::Goal::kMinimize,
             {runs({{"model", kRnn}}, {1.4, 1.5, 1.6}), runs({{"model", kConv}}, {2.5, 2.5})},
             {});
  // 4.302653 * 0.1 / sqrt(3)
  EXPECT_EQ(print_figure(results.cells[0], 2).mean, "1.50");
  EXPECT_EQ(print_figure(results.cells[0], 2).half_width, "0.25");
  EXPECT_EQ(print_figure(results.cells[1], 1).mean, "2.5");
  EXPECT_EQ(print_figure(results.cells[1], 1).half_width, "") << "two seeds have no interval";
  EXPECT_EQ(describe_seeds(results), "n = 2 to 3");
}

TEST(PaperTable, PicksDecimalsByTheMetric) {
  Study other = study();
  EXPECT_EQ(lay_out_cells(other, {runs({{"model", kRnn}}, {12345})}).decimals, 2);
  other.table->metric = "images";
  EXPECT_EQ(lay_out_cells(other, {runs({{"model", kRnn}}, {12345})}).decimals, 0);
  EXPECT_EQ(lay_out_cells(other, {runs({{"model", kRnn}}, {0.0123})}).decimals, 5);
}

}  // namespace
}  // namespace glimpse::reports
