#include <chrono>
#include <iostream>

#include <gtest/gtest.h>

#include "launcher/schedule/rehearsal.h"

namespace glimpse::launcher {
namespace {

Rehearsal make_rehearsal(int nodes, int slots, int trials, double failing_share) {
  Rehearsal rehearsal;
  StudyRules rules;
  rules.stop_if = {.first = 0, .of_last = 0};
  rehearsal.studies = {rules};
  rehearsal.nodes = nodes;
  rehearsal.node.slots = slots;
  rehearsal.failing_share = failing_share;
  for (int i = 0; i < trials; ++i) {
    const double duration_s = 60 + i * 7919 % 3541;
    rehearsal.trials.push_back({{.expected_s = duration_s}, duration_s});
  }
  return rehearsal;
}

double seconds_of(const Rehearsal& rehearsal, RehearsalResult& result) {
  const auto before = std::chrono::steady_clock::now();
  result = rehearse(rehearsal);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  return took.count();
}

TEST(SchedulerScale, AThousandNodesWorkOffAHundredThousandTrialsInAMinute) {
  RehearsalResult result;
  const double took_s = seconds_of(make_rehearsal(1000, 8, 100000, 0.05), result);
  std::cout << "1000 nodes x 8 slots x 100000 trials, " << result.attempts
            << " attempts, utilisation " << result.utilisation() << ": " << took_s << " s\n";
  EXPECT_EQ(result.done + result.failed, 100000U);
  EXPECT_GT(result.failed, 0U);  // out of memory, alone: one in six of those that fail
  EXPECT_GT(result.attempts, 104000U);
  EXPECT_LT(took_s, 60);
}

TEST(SchedulerScale, GangsBudgetsAndSharedSlotsStayCheap) {
  Rehearsal rehearsal = make_rehearsal(1000, 8, 20000, 0.05);
  rehearsal.studies[0].device_s = 1e12;
  rehearsal.studies[0].wall_time_s = 1e9;
  rehearsal.studies[0].takes_whole_configurations = true;
  rehearsal.studies[0].lanes = 2;
  rehearsal.node.memory_bytes = 1000;
  for (std::size_t i = 0; i < rehearsal.trials.size(); ++i) {
    TrialDemand& demand = rehearsal.trials[i].demand;
    demand.configuration = static_cast<std::uint32_t>(i / 5);
    demand.slots = demand.configuration % 3 == 0 ? 4 : 1;
    demand.memory_bytes = 100;
  }
  RehearsalResult result;
  const double took_s = seconds_of(rehearsal, result);
  std::cout << "1000 nodes x 8 slots x 20000 trials with everything: " << took_s << " s\n";
  EXPECT_EQ(result.done + result.failed, 20000U);
  EXPECT_LT(took_s, 60);
}

}  // namespace
}  // namespace glimpse::launcher
