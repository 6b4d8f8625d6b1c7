#include "worker/trainer.h"

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/model_table.h"
#include "tests/worker/fake_engine.h"

namespace glimpse::worker {
namespace {

TrainerOptions small_options(experiments::Assignment given = {}) {
  given.emplace("model", std::string("rnn-spn"));
  given.emplace("batch_size", 10.0);
  given.emplace("epochs", 6.0);
  given.emplace("dropout", 0.5);
  return {.recipe = make_recipe(experiments::resolve(given)),
          .seed = 3,
          .train_images = 73,  // seven batches, and three images left over
          .valid_images = 25,
          .test_images = 31,
          .checkpoint_every_s = 1e9};
}

struct Saved {
  Position position;
  std::vector<SavedTensor> tensors;
  std::vector<EpochReport> reports;  // told before
};

// A run with everything it told the world. Time passes by one second per question.
struct Session {
  TrainingResult start(const TrainerOptions& options, const Saved* from = nullptr) {
    if (from != nullptr) {
      engine.restore(from->tensors);
    }
    Trainer trainer(options,
                    engine,
                    {.now_s = [this] { return now_s += 1; },
                     .poll = [this] { return ++polls == stops_at ? Request::kStop : request; },
                     .progress = [this](Phase phase, std::uint64_t) { ++batches[phase]; },
                     .epoch_done = [this](const EpochReport& report) { epochs.push_back(report); },
                     .save =
                         [this](const Position& position, std::vector<SavedTensor> tensors) {
                           saved.push_back({position, std::move(tensors), epochs});
                         }});
    result = from != nullptr ? trainer.run(from->position, from->reports) : trainer.run();
    return result;
  }

  FakeEngine engine;
  double now_s = 0;
  int polls = 0;
  int stops_at = 0;  // which question is answered by a stop; 0: none
  Request request = Request::kGoOn;
  std::map<Phase, int> batches;
  std::vector<EpochReport> epochs;
  std::vector<Saved> saved;
  TrainingResult result;
};

void expect_equal(const EpochReport& a, const EpochReport& b) {
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.metrics, b.metrics);
  EXPECT_EQ(a.weights_hash, b.weights_hash);
}

TEST(Trainer, RunsEveryEpochAndTestsTwice) {
  Session run;
  run.start(small_options());
  EXPECT_EQ(run.result.ending, Ending::kCompleted);
  EXPECT_EQ(run.result.epochs, 6);
  EXPECT_EQ(run.epochs.size(), 6U);
  EXPECT_EQ(run.batches[Phase::kTrain], 6 * 7);
  EXPECT_EQ(run.batches[Phase::kValid], 6 * 3);
  EXPECT_EQ(run.batches[Phase::kTrainError], 0);
  EXPECT_EQ(run.batches[Phase::kTest], 2 * 4);
  ASSERT_EQ(run.saved.size(), 1U);
  EXPECT_EQ(run.saved.back().position.epoch, 7);
  EXPECT_EQ(run.saved.back().position.totals, TrainTotals());
}

TEST(Trainer, TimesThePhasesOfAnEpoch) {
  Session run;
  run.start(small_options());
  std::vector<std::string> names;
  for (const auto& [name, value] : run.epochs.back().timings) {
    names.push_back(name);
    EXPECT_GT(value, 0) << name;
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"seconds_train",
                                      "images_per_s",
                                      "seconds_evaluate",
                                      "seconds_bookkeeping",
                                      "peak_memory"}));
}

TEST(Trainer, TakesTheFirstEpochOfTheLowestValidationError) {
  Session run;
  run.start(small_options());
  double lowest = 1e9;
  int best = 0;
  for (const EpochReport& report : run.epochs) {
    for (const auto& [name, value] : report.metrics) {
      if (name == "valid_error" && value < lowest) {
        lowest = value;
        best = report.epoch;
      }
    }
  }
  EXPECT_EQ(run.result.best_epoch, best);
}

TEST(Trainer, MeasuresTheExactTrainingErrorOnRequest) {
  Session run;
  run.start(small_options({{"exact_train_error", true}}));
  EXPECT_EQ(run.batches[Phase::kTrainError], 6 * 8);
}

// Stopped at every batch in turn, of training, validation and test, and taken up by another engine:
// nothing that is reported may differ.
TEST(Trainer, GoesOnExactlyFromEveryBatch) {
  Session whole;
  whole.start(small_options({{"exact_train_error", true}}));
  ASSERT_GT(whole.polls, 100);
  for (int stop = 1; stop <= whole.polls; ++stop) {
    Session first;
    first.stops_at = stop;
    ASSERT_EQ(first.start(small_options({{"exact_train_error", true}})).ending, Ending::kStopped);
    Session second;
    second.start(small_options({{"exact_train_error", true}}), &first.saved.back());
    EXPECT_EQ(second.result.ending, Ending::kCompleted);
    EXPECT_EQ(second.result.metrics, whole.result.metrics) << "stopped at " << stop;
    EXPECT_EQ(first.engine.steps_done + second.engine.steps_done, whole.engine.steps_done);
    ASSERT_EQ(second.epochs.size(), whole.epochs.size()) << "all of them are told again";
    for (std::size_t i = 0; i < whole.epochs.size(); ++i) {
      expect_equal(second.epochs[i], whole.epochs[i]);
    }
  }
}

// The negative control of the test above.
TEST(Trainer, GoesOnOtherwiseFromAnotherPosition) {
  Session first;
  first.stops_at = 12;
  first.start(small_options());
  Session whole;
  whole.start(small_options());
  Saved moved = first.saved.back();
  moved.position.step_in_epoch -= 1;
  Session second;
  second.start(small_options(), &moved);
  EXPECT_NE(second.result.metrics, whole.result.metrics);
  Saved forgetful = first.saved.back();
  forgetful.position.totals = {};
  Session third;
  third.start(small_options(), &forgetful);
  EXPECT_NE(third.epochs.at(1).metrics, whole.epochs.at(1).metrics);
}

TEST(Trainer, ALongerRunGoesOnFromTheEndOfAShorterOne) {
  Session whole;
  whole.start(small_options({{"epochs", 9.0}}));
  Session shorter;
  shorter.start(small_options());
  Session longer;
  longer.start(small_options({{"epochs", 9.0}}), &shorter.saved.back());
  EXPECT_EQ(longer.epochs.size(), 9U);
  EXPECT_EQ(longer.result.metrics, whole.result.metrics);
  expect_equal(longer.epochs.back(), whole.epochs.back());
}

TEST(Trainer, StopsEarlyAlsoWhenItWasTakenUp) {
  const TrainerOptions options = small_options({{"epochs", 300.0}, {"early_stop", 4.0}});
  Session whole;
  whole.start(options);
  EXPECT_EQ(whole.result.ending, Ending::kCompleted);
  EXPECT_EQ(whole.result.epochs, whole.result.best_epoch + 4);
  Session again;
  again.start(options, &whole.saved.back());
  EXPECT_EQ(again.engine.steps_done, 0U) << "it has ended already";
  EXPECT_EQ(again.result.metrics, whole.result.metrics);
}

TEST(Trainer, SavesWhenItIsTime) {
  TrainerOptions options = small_options();
  options.checkpoint_every_s = 20;
  Session run;
  run.start(options);
  EXPECT_GE(run.saved.size(), 5U);
  for (const Saved& saved : run.saved) {
    Session second;
    second.start(options, &saved);
    EXPECT_EQ(second.result.metrics, run.result.metrics);
  }
}

TEST(Trainer, SavesOnRequestAndGoesOn) {
  Session run;
  run.request = Request::kCheckpoint;
  run.start(small_options());
  EXPECT_EQ(run.result.ending, Ending::kCompleted);
  EXPECT_EQ(run.saved.size(), static_cast<std::size_t>(run.polls) + 1);
}

TEST(Trainer, EndsAsDivergedAndSavesNothingThatIsNotFinite) {
  TrainerOptions options = small_options({{"batch_size", 1.0}});
  options.checkpoint_every_s = 3;
  Session run;
  run.engine.diverges_at_step = 60;
  run.start(options);
  EXPECT_EQ(run.result.ending, Ending::kDiverged);
  EXPECT_TRUE(run.result.metrics.empty());
  EXPECT_LE(run.engine.steps_done, 100U) << "found within 50 steps, or at the epoch's end";
  ASSERT_FALSE(run.saved.empty());
  EXPECT_LT(run.saved.back().position.step_in_epoch, 60U);
}

TEST(Trainer, RefusesABatchLargerThanTheTrainingSet) {
  Session run;
  EXPECT_THROW(run.start(small_options({{"batch_size", 74.0}})), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::worker
