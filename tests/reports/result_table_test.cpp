#include "reports/result_table.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using experiments::Assignment;
using experiments::Claim;
using experiments::Goal;
using experiments::Table;

Assignment place(const std::string& model, double downsample) {
  return {{"model", model}, {"downsample", downsample}};
}

CellRuns runs_of(const Assignment& place, const std::vector<double>& values) {
  CellRuns runs{.place = place, .configuration = place};
  for (const double value : values) {
    const std::uint64_t seed = runs.seeds.size() + 1;
    runs.seeds.push_back(
        {.seed = seed, .run_id = "r" + std::to_string(seed), .state = "done", .value = value});
  }
  return runs;
}

Table table_of(std::vector<Claim> claims = {}) {
  Table table;
  table.rows = "model";
  table.columns = "downsample";
  table.published = {{place("rnn-spn", 2), 1.5}, {place("ffn-spn", 2), 2.0}};
  table.margin = 0.3;
  table.claims = std::move(claims);
  return table;
}

ResultTable assess_all(const Table& table,
                       std::vector<CellRuns> cells,
                       std::vector<std::string> deviations = {}) {
  return assess(table, Goal::kMinimize, std::move(cells), std::move(deviations));
}

Verdict verdict_of(const ResultTable& table, std::size_t cell = 0) {
  return table.cells.at(cell).judgement.verdict;
}

TEST(ResultTable, JudgesCompleteCellsThatHaveAFigure) {
  const ResultTable table = assess_all(table_of(),
                                       {runs_of(place("rnn-spn", 2), {1.45, 1.5, 1.55}),
                                        runs_of(place("ffn-spn", 2), {3.0, 3.1, 3.05}),
                                        runs_of(place("rnn-spn", 3), {1.7, 1.8, 1.9})});
  EXPECT_EQ(verdict_of(table, 0), Verdict::kReproduced);
  EXPECT_EQ(verdict_of(table, 1), Verdict::kWorse);
  EXPECT_EQ(verdict_of(table, 2), Verdict::kNotComparable);
  EXPECT_TRUE(table.cells[2].interval);
}

// "2.0" reads as 2, and yet the paper printed a decimal.
TEST(ResultTable, TakesTheUnitFromAllFigures) {
  EXPECT_EQ(verdict_of(assess_all(table_of(), {runs_of(place("ffn-spn", 2), {2.30, 2.30, 2.31})})),
            Verdict::kReproduced);
  Table exact = table_of();
  exact.published.front().value = 1.5125;
  EXPECT_NE(verdict_of(assess_all(exact, {runs_of(place("ffn-spn", 2), {2.30, 2.30, 2.31})})),
            Verdict::kReproduced);
}

TEST(ResultTable, HasNoMeanWhereASeedIsMissing) {
  CellRuns runs = runs_of(place("rnn-spn", 2), {1.45, 1.5, 1.55});
  runs.seeds.push_back({.seed = 4, .state = "failed"});
  const ResultTable failed = assess_all(table_of(), {runs});
  EXPECT_EQ(verdict_of(failed), Verdict::kIncomplete);
  EXPECT_FALSE(failed.cells[0].interval);
  EXPECT_EQ(failed.cells[0].sample.n, 3U);

  CellRuns undecided = runs_of(place("rnn-spn", 2), {1.45, 1.5, 1.55});
  undecided.is_decided = false;
  EXPECT_EQ(verdict_of(assess_all(table_of(), {undecided})), Verdict::kIncomplete);

  CellRuns none{.place = place("rnn-spn", 2), .seeds = {{.seed = 1, .state = "pending"}}};
  EXPECT_EQ(verdict_of(assess_all(table_of(), {none})), Verdict::kMissing);
}

TEST(ResultTable, ComparesNothingThatDeviates) {
  const ResultTable table = assess_all(
      table_of(), {runs_of(place("rnn-spn", 2), {1.45, 1.5, 1.55})}, {"epochs: 10, not 300"});
  EXPECT_EQ(verdict_of(table), Verdict::kNotComparable);
}

// A deviation is no excuse for runs that are not there.
TEST(ResultTable, MissesRunsOfADeviatingStudyToo) {
  const ResultTable table =
      assess_all(table_of(),
                 {{.place = place("rnn-spn", 2), .seeds = {{.seed = 1, .state = "pending"}}}},
                 {"epochs: 10, not 300"});
  EXPECT_EQ(verdict_of(table), Verdict::kMissing);
}

TEST(ResultTable, MarksWhatIsSurelyBestOfItsRow) {
  std::vector<CellRuns> cells = {runs_of(place("rnn-spn", 1), {1.80, 1.81, 1.83}),
                                 runs_of(place("rnn-spn", 2), {1.50, 1.51, 1.52}),
                                 runs_of(place("ffn-spn", 2), {0.10, 0.11, 0.12})};
  const auto marks = [&](Goal goal) {
    std::vector<bool> marked;
    for (const ResultCell& cell : assess(table_of(), goal, cells, {}).cells) {
      marked.push_back(cell.is_best);
    }
    return marked;
  };
  EXPECT_EQ(marks(Goal::kMinimize), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(marks(Goal::kMaximize), (std::vector<bool>{true, false, false}));
  cells[0] = runs_of(place("rnn-spn", 1), {1.2, 1.81, 2.4});
  EXPECT_EQ(marks(Goal::kMinimize), (std::vector<bool>{false, false, false}));
}

const Claim kBelow{Claim::Kind::kBelow, place("rnn-spn", 2), place("ffn-spn", 2)};

ClaimAnswer answer_of(const Claim& claim, std::vector<CellRuns> cells) {
  return assess_all(table_of({claim}), std::move(cells)).claims.at(0).answer;
}

TEST(ResultTable, SaysWhetherAnOrderHolds) {
  const CellRuns low = runs_of(place("rnn-spn", 2), {1.4, 1.5, 1.6});
  EXPECT_EQ(answer_of(kBelow, {low, runs_of(place("ffn-spn", 2), {2.4, 2.5, 2.7})}),
            ClaimAnswer::kHolds);
  EXPECT_EQ(answer_of(kBelow, {low, runs_of(place("ffn-spn", 2), {0.4, 0.5, 0.7})}),
            ClaimAnswer::kFails);
  EXPECT_EQ(answer_of(kBelow, {low, runs_of(place("ffn-spn", 2), {1.2, 1.6, 1.8})}),
            ClaimAnswer::kUndecided);
  EXPECT_EQ(answer_of(kBelow, {low}), ClaimAnswer::kIncomplete);
  CellRuns failed = runs_of(place("ffn-spn", 2), {2.4, 2.5, 2.7});
  failed.seeds.back().value.reset();
  EXPECT_EQ(answer_of(kBelow, {low, failed}), ClaimAnswer::kIncomplete);
}

TEST(ResultTable, PairsBySeedInAnyOrder) {
  CellRuns low = runs_of(place("rnn-spn", 2), {1, 5, 9});
  CellRuns high = runs_of(place("ffn-spn", 2), {1.10, 5.11, 9.12});
  std::swap(high.seeds[0], high.seeds[2]);
  EXPECT_EQ(answer_of(kBelow, {low, high}), ClaimAnswer::kHolds);
  for (SeedResult& seed : high.seeds) {
    seed.seed += 100;  // no seed is shared: the spread hides the difference
  }
  EXPECT_EQ(answer_of(kBelow, {low, high}), ClaimAnswer::kUndecided);
}

TEST(ResultTable, CallsBestWhatIsBelowAllOthers) {
  const Claim best{Claim::Kind::kBest, place("rnn-spn", 2), {{"model", std::string("rnn-spn")}}};
  const std::vector<CellRuns> cells = {runs_of(place("rnn-spn", 1), {1.80, 1.81, 1.83}),
                                       runs_of(place("rnn-spn", 2), {1.50, 1.51, 1.52}),
                                       runs_of(place("rnn-spn", 3), {1.90, 1.91, 1.93}),
                                       runs_of(place("ffn-spn", 2), {0.10, 0.11, 0.12})};
  const ResultTable table = assess_all(table_of({best}), cells);
  EXPECT_EQ(table.claims[0].answer, ClaimAnswer::kHolds);
  EXPECT_EQ(table.claims[0].orders.size(), 2U);
  EXPECT_EQ(table.claims[0].text, "rnn-spn, downsample 2 best among rnn-spn");
  EXPECT_EQ(assess(table_of({best}), Goal::kMaximize, cells, {}).claims[0].answer,
            ClaimAnswer::kFails);
}

TEST(ResultTable, AdjustsOverAllItsClaims) {
  const std::vector<CellRuns> cells = {runs_of(place("rnn-spn", 2), {1.4, 1.5, 1.6}),
                                       runs_of(place("ffn-spn", 2), {1.7, 1.75, 2.0})};
  const auto p_of = [&](std::size_t claims) {
    return assess_all(table_of(std::vector<Claim>(claims, kBelow)), cells)
        .claims[0]
        .orders[0]
        .adjusted_p.value();
  };
  EXPECT_LT(p_of(1), 0.05);
  EXPECT_DOUBLE_EQ(p_of(3), 3 * p_of(1));
}

}  // namespace
}  // namespace glimpse::reports
