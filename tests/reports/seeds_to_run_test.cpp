#include "reports/seeds_to_run.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

using Seeds = std::vector<std::uint64_t>;

ResultTable table(std::vector<Judgement> judgements) {
  ResultTable table;
  for (Judgement judgement : judgements) {
    table.cells.push_back({.judgement = judgement});
  }
  return table;
}

experiments::Study study() {
  experiments::Study study;
  study.seeds = {7, 3};
  return study;
}

TEST(SeedsToRun, AreTheStudysOwnWhileSomeAreMissing) {
  EXPECT_EQ(seeds_to_run(study(), table({{Verdict::kInconclusive, 4}, {Verdict::kMissing, {}}})),
            (Seeds{7, 3}));
  EXPECT_EQ(seeds_to_run(study(), table({{Verdict::kIncomplete, {}}})), (Seeds{7, 3}));
}

TEST(SeedsToRun, AreAsManyMoreAsTheLeastDecidedCellNeeds) {
  EXPECT_EQ(
      seeds_to_run(study(), table({{Verdict::kInconclusive, 1}, {Verdict::kInconclusive, 3}})),
      (Seeds{7, 3, 8, 9, 10}));
}

TEST(SeedsToRun, AreNoneWhereNothingWouldDecideMore) {
  EXPECT_FALSE(seeds_to_run(study(),
                            table({{Verdict::kReproduced, {}},
                                   {Verdict::kWorse, {}},
                                   {Verdict::kNotComparable, {}},
                                   {Verdict::kInconclusive, {}}})));
}

}  // namespace
}  // namespace glimpse::reports
