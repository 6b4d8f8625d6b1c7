#include "reports/html/parallel_axes.h"

#include <gtest/gtest.h>

#include "tests/reports/html/sample_content.h"

namespace glimpse::reports {
namespace {

TEST(ParallelAxes, TellNumbersFromWords) {
  const ParallelChart chart = make_parallel(tiny_sample().parameters, 0, 2);
  ASSERT_EQ(chart.axes.size(), 3U);
  EXPECT_TRUE(chart.axes[0].words.empty());
  EXPECT_EQ(chart.axes[0].ticks, (std::vector<Tick>{{0, "0"}, {0.2, "0.2"}}));
  EXPECT_EQ(chart.axes[1].words, (std::vector<std::string>{"rnn", "ffn"}));
  EXPECT_EQ(chart.lines[1].values, (std::vector<std::optional<double>>{0.2, 1.0, 2.6}));
}

TEST(ParallelAxes, TakeAValueThatIsNoNumberForAWord) {
  ParameterContent content = tiny_sample().parameters;
  content.trials[0].values[0] = std::string("auto");
  content.trials[1].values[0] = true;
  EXPECT_EQ(make_parallel(content, 0, 2).axes[0].words, (std::vector<std::string>{"true", "auto"}));
}

TEST(ParallelAxes, SayWhatALineIs) {
  const ParallelChart chart = make_parallel(tiny_sample().parameters, 0, 2);
  EXPECT_EQ(chart.lines[0].label, "00ff1: dropout 0, model rnn, valid_error 1.75");
  EXPECT_EQ(chart.lines[2].label, "00ff3: model ffn, valid_error none");
}

TEST(ParallelAxes, KeepTheBestTrialsInTheirOrder) {
  ParameterContent content = tiny_sample().parameters;
  std::swap(content.trials[0], content.trials[2]);  // without an outcome, 2.6, 1.75
  const auto runs = [&](std::size_t most) {
    std::string text;
    for (const TrialPoint& trial : keep_best(content, most)) {
      text += trial.run_id.back();
    }
    return text;
  };
  EXPECT_EQ(runs(9), "321");
  EXPECT_EQ(runs(2), "21");
  EXPECT_EQ(runs(1), "1");
  content.goal = experiments::Goal::kMaximize;
  EXPECT_EQ(runs(1), "2");
}

TEST(ParallelAxes, ShortenRunsToTheirFirstDigits) {
  EXPECT_EQ(short_run("0123456789abcdef"), "01234567");
  EXPECT_EQ(short_run("ab"), "ab");
}

}  // namespace
}  // namespace glimpse::reports
