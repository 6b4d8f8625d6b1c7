#include "worker/evaluation.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worker/fake_engine.h"

namespace glimpse::worker {
namespace {

TEST(ErrorRate, HasTheIntervalOfWilson) {
  const ErrorRate rate = error_rate(150, 10000);
  EXPECT_EQ(rate.percent, 1.5);
  EXPECT_NEAR(rate.low, 1.27970, 5e-6);
  EXPECT_NEAR(rate.high, 1.75754, 5e-6);
  EXPECT_NEAR(error_rate(3, 10).low, 10.77913, 5e-6);
  EXPECT_NEAR(error_rate(3, 10).high, 60.32219, 5e-6);
}

TEST(ErrorRate, StaysWithinZeroAndAHundred) {
  EXPECT_EQ(error_rate(0, 50).low, 0);
  EXPECT_GT(error_rate(0, 50).high, 5);
  EXPECT_LT(error_rate(50, 50).low, 95);
  EXPECT_EQ(error_rate(50, 50).high, 100);
}

// The engine says 7 for every second digit, which is true in one image of five.
TEST(Evaluate, CountsEveryDigitOnce) {
  std::vector<std::byte> labels;
  for (int image = 0; image < 25; ++image) {
    labels.insert(labels.end(), {std::byte{3}, std::byte(image % 5 + 3)});
  }
  FakeEngine engine;
  const Evaluation evaluation = evaluate(
      engine, experiments::Split::kValid, {.count = 25, .images = {}, .labels = labels}, 7);
  EXPECT_EQ(evaluation.totals.images, 25U);
  EXPECT_EQ(evaluation.confusion[7][7], 5U);
  EXPECT_EQ(evaluation.confusion[5][7], 5U);
  EXPECT_EQ(std::accumulate(evaluation.confusion[3].begin(), evaluation.confusion[3].end(), 0U),
            30U);
  EXPECT_EQ(std::accumulate(evaluation.confusion[0].begin(), evaluation.confusion[0].end(), 0U),
            0U);
}

Evaluation sample_evaluation() {
  Evaluation evaluation{
      .totals = {
          .images = 1000, .digits = 2000, .wrong_digits = 90, .wrong_sequences = 89, .loss = 277}};
  evaluation.confusion[4][1] = 90;
  evaluation.confusion[9][9] = 1910;
  return evaluation;
}

const EvaluationSubject kSubject = {.checkpoint = "a.safetensors",
                                    .key = "k",
                                    .step = 2400,
                                    .best_epoch = 9,
                                    .epoch = 10,
                                    .weights = "best",
                                    .split = "test"};

TEST(Evaluation, IsRenderedForPeople) {
  EXPECT_EQ(render_evaluation(kSubject, sample_evaluation()),
            "checkpoint a.safetensors\n"
            "trained    10 epochs, 2400 steps, best epoch 9\n"
            "weights    best\n"
            "split      test, 1000 images\n"
            "digits     4.500 % wrong, 90 of 2000 (95 %: 3.675 to 5.499)\n"
            "sequences  8.900 % wrong, 89 of 1000 (95 %: 7.289 to 10.826)\n"
            "loss       0.138500\n"
            "\n"
            "true digit (row) taken for (column)\n"
            "        0      1      2      3      4      5      6      7      8      9\n"
            " 0      0      0      0      0      0      0      0      0      0      0\n"
            " 1      0      0      0      0      0      0      0      0      0      0\n"
            " 2      0      0      0      0      0      0      0      0      0      0\n"
            " 3      0      0      0      0      0      0      0      0      0      0\n"
            " 4      0     90      0      0      0      0      0      0      0      0\n"
            " 5      0      0      0      0      0      0      0      0      0      0\n"
            " 6      0      0      0      0      0      0      0      0      0      0\n"
            " 7      0      0      0      0      0      0      0      0      0      0\n"
            " 8      0      0      0      0      0      0      0      0      0      0\n"
            " 9      0      0      0      0      0      0      0      0      0   1910\n");
}

}  // namespace
}  // namespace glimpse::worker
