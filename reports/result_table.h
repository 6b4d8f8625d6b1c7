#pragma once

// A study's table as its runs fill it, and what each cell and each claim comes to. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/study.h"
#include "reports/stats/comparison.h"
#include "reports/stats/sample.h"
#include "reports/stats/verdict.h"

namespace glimpse::reports {

struct SeedResult {
  std::uint64_t seed = 0;
  std::string run_id = {};
  std::string state = {};            // as in v_trials; a diverged run is "diverged"
  std::optional<double> value = {};  // of a completed run
};

// What was planned for one cell, and what has come of it.
struct CellRuns {
  experiments::Assignment place = {};          // over the table's rows and columns
  experiments::Assignment configuration = {};  // the one that a selection chose, where it did
  bool is_decided = true;                      // false: a selection has yet to choose
  std::vector<SeedResult> seeds = {};
};

struct ResultCell {
  CellRuns runs = {};
  bool is_complete = false;
  Sample sample = {};  // of the values there are
  // Of complete cells alone: the others have no mean.
  std::optional<Interval> interval = {};
  std::optional<double> published = {};
  Judgement judgement = {};  // without a published figure: missing, incomplete or not comparable
  // Surely better than every other cell of its row, by Holm over all pairs within rows.
  bool is_best = false;
};

enum class ClaimAnswer { kHolds, kFails, kUndecided, kIncomplete };
std::string_view name_of(ClaimAnswer answer);

// One cell said to be below another one.
struct ClaimedOrder {
  std::size_t below = 0;  // places in ResultTable::cells
  std::size_t above = 0;
  Comparison comparison = {};
  std::optional<double> adjusted_p = {};  // by Holm, over all orders of the table
};

struct ResultClaim {
  std::string text;
  ClaimAnswer answer = ClaimAnswer::kIncomplete;
  std::vector<ClaimedOrder> orders = {};
};

struct ResultTable {
  std::vector<ResultCell> cells = {};  // as they came
  std::vector<ResultClaim> claims = {};
  // How the study differs from the published protocol: then nothing is comparable.
  std::vector<std::string> deviations = {};
};

// A paper prints all figures of a table with as many decimals as one of them needs.
int published_decimals(const experiments::Table& table);

// "rnn-spn, downsample 2": the row's value alone, and names with the others.
std::string describe_place(const experiments::Table& table, const experiments::Assignment& place);

bool share_seeds(const CellRuns& first, const CellRuns& second);
// Of seeds that both have; of all, where they share none. Every run that counts has its value.
Comparison compare_cells(const CellRuns& first, const CellRuns& second);

ResultTable assess(const experiments::Table& table,
                   experiments::Goal goal,
                   std::vector<CellRuns> cells,
                   std::vector<std::string> deviations);

}  // namespace glimpse::reports
