#include "worker/bench_comparison.h"

#include <string>

#include <gtest/gtest.h>

#include "experiments/model_table.h"

namespace glimpse::worker {
namespace {

std::vector<Spent> rounds_of(std::initializer_list<double> cpu_s) {
  std::vector<Spent> rounds;
  for (const double seconds : cpu_s) {
    rounds.push_back({.wall_s = 2 * seconds, .cpu_s = seconds});
  }
  return rounds;
}

TEST(Alternate, WarmsUpAndThenTakesTurnsInWhoBegins) {
  std::string order;
  const Rounds rounds = alternate(
      3,
      [&] {
        order += 'o';
        return Spent{.cpu_s = static_cast<double>(order.size())};
      },
      [&] {
        order += 't';
        return Spent{.cpu_s = static_cast<double>(order.size())};
      });
  EXPECT_EQ(order, "otottoot");
  EXPECT_EQ(rounds.ours[1].cpu_s, 6);
  EXPECT_EQ(rounds.theirs[1].cpu_s, 5);
  EXPECT_EQ(rounds.ours.size(), 3U);
  EXPECT_EQ(rounds.theirs.size(), 3U);
}

TEST(SpeedRatio, ComparesRoundsThatStoodSideBySide) {
  // A round in which the machine was slow for both does not count more than another.
  const SpeedRatio ratio =
      speed_ratio({.ours = rounds_of({1, 10, 2}), .theirs = rounds_of({1.1, 12, 1.8})});
  EXPECT_DOUBLE_EQ(ratio.median, 1.1);
  EXPECT_DOUBLE_EQ(ratio.lowest, 0.9);
  EXPECT_DOUBLE_EQ(ratio.highest, 1.2);
}

TEST(SpeedRatio, OfAnEvenNumberIsTheMeanOfTheMiddleTwo) {
  EXPECT_DOUBLE_EQ(
      speed_ratio({.ours = rounds_of({1, 1, 1, 1}), .theirs = rounds_of({4, 1, 2, 9})}).median, 3);
  EXPECT_DOUBLE_EQ(median_cpu_s(rounds_of({5, 1, 2})), 2);
}

TEST(LeastRatio, IsAskedOfTheTwinAndOfThePlainScriptForSmallGlimpses) {
  const auto rnn = experiments::resolve({{"model", "rnn-spn"}});
  const auto other = experiments::resolve({{"model", "rnn-spn"}, {"downsample", 2.0}});
  const auto conv = experiments::resolve({{"model", "conv"}});
  EXPECT_EQ(least_ratio(PeerStyle::kTwin, conv), 1.0);
  EXPECT_EQ(least_ratio(PeerStyle::kTwin, rnn), 1.0);
  EXPECT_EQ(least_ratio(PeerStyle::kPlain, rnn), 1.15);
  EXPECT_EQ(least_ratio(PeerStyle::kPlain, other), std::nullopt);
  EXPECT_EQ(least_ratio(PeerStyle::kPlain, conv), std::nullopt);
  EXPECT_EQ(least_ratio(PeerStyle::kCompiled, rnn), std::nullopt);
}

}  // namespace
}  // namespace glimpse::worker
