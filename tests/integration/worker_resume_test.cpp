// Trains with the real worker, kills it at random moments, starts it again until it is done, and
// compares with a run that nobody disturbed: every metric, every hash of the weights, and every
// tensor of the last checkpoint must be the same to the last bit.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/record_json.h"
#include "experiments/model_table.h"
#include "storage/files/xxh3.h"
#include "storage/safetensors/checkpoint.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/child_process.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using experiments::Assignment;
using experiments::EpochRecord;
using experiments::FinishedRecord;
using experiments::Record;
using experiments::StartCommand;
using experiments::StartedRecord;

constexpr int kConfigurations = 20;

// Every model, optimiser, schedule, with and without dropout and early stop, each several times.
Assignment configuration(int number) {
  const std::vector<std::string> models = {"rnn-spn", "ffn-spn", "conv"};
  const std::vector<std::string> optimizers = {"rmsprop", "adam", "adamw", "sgd"};
  const std::vector<std::string> schedules = {"paper", "constant", "cosine", "step"};
  const auto pick = [number](const std::vector<std::string>& from, int stride) {
    return from.at(static_cast<std::size_t>(number / stride) % from.size());
  };
  Assignment given = {{"model", pick(models, 1)},
                      {"optimizer", pick(optimizers, 2)},
                      {"schedule", pick(schedules, 5)},
                      {"dropout", number % 2 == 0 ? 0.3 : 0.0},
                      {"early_stop", number % 3 == 0 ? 2.0 : 0.0},
                      {"exact_train_error", number % 5 == 0},
                      {"batch_size", 20.0},
                      {"epochs", 8.0},
                      {"learning_rate", 0.002},
                      {"filters", 6.0},
                      {"dense", 24.0}};
  if (given.at("model") != experiments::Value("conv")) {
    given.emplace("downsample", 1.5);
  }
  if (given.at("schedule") == experiments::Value("step")) {
    given.emplace("schedule_period", 2.0);
  }
  return experiments::resolve(given);
}

struct Told {
  std::map<std::int64_t, EpochRecord> epochs;  // without their timings
  std::vector<FinishedRecord> finished;
  int checkpoints = 0;
  bool has_differed = false;  // the same epoch told twice with other values

  void take(const Record& record) {
    if (const auto* const epoch = std::get_if<EpochRecord>(&record.body)) {
      EpochRecord kept = *epoch;
      kept.timings.clear();
      const auto [there, is_new] = epochs.emplace(kept.epoch, kept);
      has_differed |= !is_new && there->second != kept;
    } else if (const auto* const end = std::get_if<FinishedRecord>(&record.body)) {
      finished.push_back(*end);
    } else if (std::holds_alternative<experiments::CheckpointRecord>(record.body)) {
      ++checkpoints;
    }
  }
};

class WorkerResume : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    dataset_ = runner_.build_dataset({"width=40",
                                      "height=44",
                                      "digits=2",
                                      "digit_side=16",
                                      "patches=0",
                                      "train=130",
                                      "valid=50",
                                      "test=45"});
  }

  StartCommand start_of(const fs::path& folder, int attempt) const {
    StartCommand start{.attempt = {.run = std::string(32, 'a'), .number = attempt},
                       .key = std::string(64, 'a'),
                       .parameters = configuration(GetParam()),
                       .seed = 5,
                       .dataset = dataset_.string(),
                       .folder = (folder / ("attempt-" + std::to_string(attempt))).string(),
                       .checkpoint_every_s = 0.01};
    for (int older = attempt - 1; older > 0; --older) {
      start.resume_from.push_back((folder / ("attempt-" + std::to_string(older))).string());
    }
    fs::create_directories(start.folder);
    return start;
  }

  // When an attempt is killed: so many checkpoints after its start, and a little later. 0: never.
  struct Death {
    int checkpoints = 0;
    std::chrono::microseconds later{0};
  };

  // Runs one attempt; true when it finished.
  static bool run_attempt(const StartCommand& start, const Death& death, Told& told) {
    ChildProcess worker(
        {"/bin/sh", "-c", "exec 3<&0 4>&1 >/dev/null 2>&1; exec " GLIMPSE_WORKER " serve"});
    worker.write(experiments::render_command(start) + "\n");
    const int last = told.checkpoints + death.checkpoints;
    for (std::string line = worker.read_line(); !line.empty(); line = worker.read_line()) {
      const Record record = experiments::parse_record(line);
      told.take(record);
      if (const auto* const failed = std::get_if<experiments::FailedRecord>(&record.body)) {
        ADD_FAILURE() << failed->message;
        return true;
      }
      if (std::holds_alternative<FinishedRecord>(record.body)) {
        return true;
      }
      if (death.checkpoints > 0 && told.checkpoints == last) {
        std::this_thread::sleep_for(death.later);
        worker.send_signal(SIGKILL);
        return false;
      }
    }
    ADD_FAILURE() << "the worker ended by itself";
    return true;
  }

  // Of every tensor of the newest checkpoint, by name.
  static std::map<std::string, std::uint64_t> tensors_of(const fs::path& folder) {
    const auto newest = storage::find_newest_checkpoint(std::vector{folder}).newest;
    std::map<std::string, std::uint64_t> hashes;
    for (const storage::TensorView& tensor : newest.value().file.tensors()) {
      hashes.emplace(tensor.name, storage::xxh3(tensor.bytes));
    }
    return hashes;
  }

  GlimpseRunner runner_;
  fs::path dataset_;
};

TEST_P(WorkerResume, GivesTheBitsOfARunThatNobodyKilled) {
  const fs::path whole_folder = runner_.folder() / "whole";
  Told whole;
  ASSERT_TRUE(run_attempt(start_of(whole_folder, 1), {}, whole));

  const fs::path folder = runner_.folder() / "killed";
  Told told;
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  std::uniform_int_distribution<int> checkpoints(1, std::max(1, whole.checkpoints / 5));
  std::uniform_int_distribution<int> later(0, 20'000);
  constexpr int kKills = 4;
  int attempt = 1;
  for (; attempt <= kKills; ++attempt) {
    ASSERT_FALSE(run_attempt(start_of(folder, attempt),
                             {checkpoints(random), std::chrono::microseconds(later(random))},
                             told));
  }
  ASSERT_TRUE(run_attempt(start_of(folder, attempt), {}, told));
  EXPECT_FALSE(told.has_differed);
  EXPECT_EQ(told.epochs, whole.epochs);
  ASSERT_EQ(told.finished.size(), 1U);
  EXPECT_EQ(told.finished, whole.finished);
  EXPECT_EQ(tensors_of(folder / ("attempt-" + std::to_string(attempt))),
            tensors_of(whole_folder / "attempt-1"));
}

INSTANTIATE_TEST_SUITE_P(Configurations, WorkerResume, testing::Range(0, kConfigurations));

}  // namespace
}  // namespace glimpse::tests
