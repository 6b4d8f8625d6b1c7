#include "launcher/ranks.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "launcher/transport/launch_error.h"

namespace glimpse::launcher {
namespace {

using Shares = std::vector<std::vector<int>>;

RankFacts rank_on(int node, std::vector<int> cores) {
  return {.version = "1 (abc)",
          .command = "same",
          .host = "host" + std::to_string(node),
          .node = node,
          .cores = std::move(cores),
          .are_slots_given = false};
}

std::string refusal_of(const std::vector<RankFacts>& ranks) {
  return find_refusal(ranks).value_or("");
}

TEST(Ranks, FactsReadBackAsTheSame) {
  RankFacts facts = rank_on(3, {0, 5, 9});
  facts.are_slots_given = true;
  EXPECT_EQ(unpack_facts(pack_facts(facts)), facts);
  EXPECT_THROW(unpack_facts(pack_facts(facts) + "x"), LaunchError);
  EXPECT_THROW(unpack_facts(pack_facts(facts).substr(1)), LaunchError);
}

TEST(Ranks, AloneOnItsNodeARankHasAllCores) {
  EXPECT_EQ(deal_cores({rank_on(0, {0, 1}), rank_on(1, {0, 1, 2})}), (Shares{{0, 1}, {0, 1, 2}}));
}

TEST(Ranks, UnboundRanksOfANodeShareItsCoresEvenly) {
  const std::vector<int> all{0, 1, 2, 3};
  EXPECT_EQ(deal_cores({rank_on(0, all), rank_on(0, all)}), (Shares{{0, 2}, {1, 3}}));
}

TEST(Ranks, BoundRanksKeepWhatTheyAreBoundTo) {
  EXPECT_EQ(deal_cores({rank_on(0, {2}), rank_on(0, {0, 1})}), (Shares{{2}, {0, 1}}));
}

TEST(Ranks, WhoHasLessChoiceGoesFirst) {
  EXPECT_EQ(deal_cores({rank_on(0, {0, 1}), rank_on(0, {0})}), (Shares{{1}, {0}}));
}

RC_GTEST_PROP(Ranks, EveryCoreOfANodeIsDealtToOneRankThatMayUseIt, ()) {
  std::vector<RankFacts> ranks;
  std::map<int, std::set<int>> wanted;
  for (int left = *rc::gen::inRange(1, 8); left > 0; --left) {
    const int node = *rc::gen::inRange(0, 3);
    const auto chosen = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
    const std::set<int> cores(chosen.begin(), chosen.end());
    ranks.push_back(rank_on(node, {cores.begin(), cores.end()}));
    wanted[node].insert(cores.begin(), cores.end());
  }
  std::map<int, std::set<int>> given;
  const Shares shares = deal_cores(ranks);
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    const std::vector<int>& allowed = ranks[rank].cores;
    given[ranks[rank].node];
    for (const int core : shares[rank]) {
      RC_ASSERT(std::find(allowed.begin(), allowed.end(), core) != allowed.end());
      RC_ASSERT(given[ranks[rank].node].insert(core).second);
    }
  }
  RC_ASSERT(given == wanted);
}

TEST(Ranks, WhatFitsIsNotRefused) {
  EXPECT_EQ(refusal_of({rank_on(0, {0, 1}), rank_on(0, {0, 1}), rank_on(2, {0})}), "");
}

TEST(Ranks, OtherVersionsAreRefusedByName) {
  std::vector<RankFacts> ranks{rank_on(0, {0}), rank_on(1, {0})};
  ranks[1].version = "2 (def)";
  EXPECT_EQ(refusal_of(ranks),
            "rank 0 on host0 is glimpse 1 (abc), rank 1 on host1 is 2 (def) (start the same build "
            "everywhere, by its full path)");
}

TEST(Ranks, OtherCommandsAreRefused) {
  std::vector<RankFacts> ranks{rank_on(0, {0}), rank_on(1, {0}), rank_on(2, {0})};
  ranks[2].command = "other";
  EXPECT_EQ(refusal_of(ranks),
            "rank 0 on host0 and rank 2 on host2 were told different things (give all ranks one "
            "command line, and the same study file)");
}

TEST(Ranks, MoreOfThemThanCoresAreRefusedUnlessSlotsAreGiven) {
  std::vector<RankFacts> ranks(3, rank_on(0, {0, 1}));
  EXPECT_EQ(refusal_of(ranks),
            "3 ranks on host0 have 2 cores between them (start one rank per node with 'mpirun "
            "--map-by node --bind-to none', or say with --slots how many trials each rank runs at "
            "a time)");
  for (RankFacts& rank : ranks) {
    rank.are_slots_given = true;
  }
  EXPECT_EQ(refusal_of(ranks), "");
}

TEST(Ranks, CopiesThatDoNotKnowOfEachOtherAreRefused) {
  EXPECT_EQ(find_refusal(1, {.slurm_tasks = "4"}),
            "started as 4 independent copies; use `srun --mpi=pmix` (see `srun --mpi=list`) or "
            "`mpirun`");
  EXPECT_EQ(find_refusal(1, {.ompi_size = "2"}),
            "started as 2 independent copies; use the `mpirun` of the MPI that glimpse-mpi was "
            "built with");
}

TEST(Ranks, OneProcessAloneIsNoCopy) {
  EXPECT_EQ(find_refusal(1, {}), std::nullopt);
  EXPECT_EQ(find_refusal(1, {.slurm_tasks = "1"}), std::nullopt);
  EXPECT_EQ(find_refusal(4, {.slurm_tasks = "4"}), std::nullopt);
}

}  // namespace
}  // namespace glimpse::launcher
