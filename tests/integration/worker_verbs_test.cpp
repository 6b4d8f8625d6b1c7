// Trains a small network with the real worker, then asks it what the checkpoint is worth.

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiments/json/record_json.h"
#include "storage/files/journal.h"
#include "storage/hdf5/crops_file.h"
#include "storage/safetensors/checkpoint.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrial = R"({"parameters": {"model": "rnn-spn", "downsample": 2, "epochs": 3,
  "batch_size": 20, "filters": 6, "dense": 24, "hidden": 16, "localisation_filters": 4,
  "learning_rate": 0.002}, "seed": 7})";
constexpr const char* kConvTrial = R"({"parameters": {"model": "conv", "epochs": 1,
  "batch_size": 20, "filters": 4, "dense": 16}})";

class WorkerVerbs : public testing::Test {
 protected:
  // One training for all cases, none of which changes what it left.
  static void SetUpTestSuite() {
    runner_ = new GlimpseRunner();
    dataset_ = build_dataset("patches=0");
    other_dataset_ = build_dataset("patches=1");
    save_bytes(runner_->folder() / "given.json", kTrial);
    train("given.json", "run");
    checkpoint_ = storage::list_checkpoints(attempt()).front().path;
  }
  static void TearDownTestSuite() {
    delete runner_;
    runner_ = nullptr;
  }

  static std::string build_dataset(const std::string& variant) {
    return runner_->build_dataset({"width=40",
                                   "height=44",
                                   "digits=2",
                                   "digit_side=16",
                                   "train=120",
                                   "valid=50",
                                   "test=45",
                                   variant});
  }

  static void train(const std::string& trial, const std::string& out) {
    const RunResult result = worker({"train", trial, "--dataset", dataset_, "--out", out});
    ASSERT_EQ(result.status, 0) << result.err;
  }

  static RunResult worker(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), GLIMPSE_WORKER);
    return runner_->run_program(arguments);
  }
  static RunResult eval(std::vector<std::string> more) {
    more.insert(more.begin(), {"eval", checkpoint_, "--dataset", dataset_});
    return worker(more);
  }
  static fs::path attempt(int number = 1) {
    return runner_->folder() / "run" / ("attempt-" + std::to_string(number));
  }

  // What the attempt's last record says.
  static experiments::NamedNumbers recorded() {
    storage::JournalReader journal(attempt() / "journal.jsonl");
    experiments::NamedNumbers metrics;
    while (const auto entry = journal.next()) {
      const experiments::Record record = experiments::parse_record(entry->record);
      if (const auto* const end = std::get_if<experiments::FinishedRecord>(&record.body)) {
        metrics = end->metrics;
      }
    }
    return metrics;
  }

  static GlimpseRunner* runner_;
  static std::string dataset_;
  static std::string other_dataset_;
  static std::string checkpoint_;
};

GlimpseRunner* WorkerVerbs::runner_ = nullptr;
std::string WorkerVerbs::dataset_;
std::string WorkerVerbs::other_dataset_;
std::string WorkerVerbs::checkpoint_;

TEST_F(WorkerVerbs, EvalSaysWhatTrainingRecorded) {
  const experiments::NamedNumbers metrics = recorded();
  const RunResult best = eval({"--json"});
  ASSERT_EQ(best.status, 0) << best.err;
  const JsonValue json(best.out);
  EXPECT_EQ(json.number("/digits/error"), metrics.at("test_error"));
  EXPECT_EQ(json.number("/sequences/error"), metrics.at("test_sequence_error"));
  EXPECT_EQ(json.number("/loss"), metrics.at("test_loss"));
  EXPECT_EQ(json.number("/images"), 45);
  EXPECT_EQ(json.number("/digits/all"), 90);
  double counted = 0;
  for (int truth = 0; truth < 10; ++truth) {
    for (int said = 0; said < 10; ++said) {
      const double cell =
          json.number("/confusion/" + std::to_string(truth) + "/" + std::to_string(said));
      counted += truth == said ? 0 : cell;
    }
  }
  EXPECT_EQ(counted, json.number("/digits/wrong"));
  const JsonValue last(eval({"--json", "--last"}).out);
  EXPECT_EQ(last.number("/digits/error"), metrics.at("test_error_last"));
  EXPECT_EQ(last.text("/weights"), "last");
}

TEST_F(WorkerVerbs, EvalTalksToPeople) {
  const RunResult result = eval({"--split", "valid"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_NE(result.out.find("split      valid, 50 images\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find(" of 100 (95 %: "), std::string::npos) << result.out;
}

TEST_F(WorkerVerbs, EvalTakesTheTrialFromWhereItIsTold) {
  const fs::path moved = runner_->folder() / "moved" / fs::path(checkpoint_).filename();
  fs::create_directories(moved.parent_path());
  fs::copy_file(checkpoint_, moved);
  const RunResult lost = worker({"eval", moved, "--dataset", dataset_});
  EXPECT_EQ(lost.status, 66);
  EXPECT_NE(lost.err.find("--trial"), std::string::npos) << lost.err;
  const RunResult found = worker({"eval", moved, "--dataset", dataset_, "--trial", "given.json"});
  EXPECT_EQ(found.status, 0) << found.err;
}

TEST_F(WorkerVerbs, TrainingLeavesTheCropsThatTheVerbMakesAgain) {
  const RunResult result = worker({"crops",
                                   checkpoint_,
                                   "--dataset",
                                   dataset_,
                                   "--out",
                                   "new/folder/crops.h5",
                                   "--png",
                                   "new/grid.png"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(load_bytes(runner_->folder() / "new/folder/crops.h5"),
            load_bytes(attempt() / "crops.h5"));
  EXPECT_TRUE(load_bytes(runner_->folder() / "new/grid.png").starts_with("\x89PNG\r\n"));
  const storage::Crops crops = storage::load_crops(attempt() / "crops.h5");
  EXPECT_EQ(crops.shape,
            (storage::CropsShape{.count = 24,
                                 .height = 44,
                                 .width = 40,
                                 .digits = 2,
                                 .glimpses = 2,
                                 .crop_height = 22,
                                 .crop_width = 20}));
  EXPECT_EQ(crops.weights, "best");
  EXPECT_EQ(crops.split, "test");
  EXPECT_EQ(JsonValue(crops.config).text("/parameters/model"), "rnn-spn");
}

TEST_F(WorkerVerbs, CropsTakesAsManyImagesAsThereAre) {
  const RunResult result = worker({"crops",
                                   checkpoint_,
                                   "--dataset",
                                   dataset_,
                                   "--out",
                                   "many.h5",
                                   "--count",
                                   "1000",
                                   "--split",
                                   "valid",
                                   "--last"});
  EXPECT_EQ(result.status, 0) << result.err;
  const storage::Crops crops = storage::load_crops(runner_->folder() / "many.h5");
  EXPECT_EQ(crops.shape.count, 50U);
  EXPECT_EQ(crops.weights, "last");
}

TEST_F(WorkerVerbs, AnAttemptThatEndedBeforeItsCropsIsFollowedByOneThatMakesThem) {
  const fs::path crops = attempt() / "crops.h5";
  const std::string bytes = load_bytes(crops);
  train("given.json", "run");
  EXPECT_EQ(load_bytes(attempt(2) / "crops.h5"), bytes);
  fs::remove_all(attempt(2));
}

TEST_F(WorkerVerbs, ANetworkWithoutGlimpsesLeavesImagesAndPredictions) {
  save_bytes(runner_->folder() / "conv.json", kConvTrial);
  train("conv.json", "conv");
  const storage::Crops crops =
      storage::load_crops(runner_->folder() / "conv" / "attempt-1" / "crops.h5");
  EXPECT_EQ(crops.shape.count, 24U);
  EXPECT_EQ(crops.predictions.size(), 48U);
  EXPECT_EQ(crops.shape.glimpses, 0U);
}

struct Mistake {
  std::vector<std::string> arguments;
  int status = 0;
  std::string said;
};

TEST_F(WorkerVerbs, EveryBadInputIsOneLineAndACode) {
  const fs::path folder = runner_->folder();
  const std::string name = fs::path(checkpoint_).filename();
  fs::create_directories(folder / "bad/damaged");
  std::string bytes = load_bytes(checkpoint_);
  bytes[bytes.size() / 2] ^= 1;
  save_bytes(folder / "bad/damaged" / name, bytes);
  save_bytes(folder / "bad/other.json", R"({"parameters": {"model": "rnn-spn"}, "seed": 8})");
  save_bytes(folder / "bad/unknown.json", R"({"parameters": {"model": "conv", "droput": 1}})");
  const std::string none = "bad/step-000000000001-0123456789abcdef.safetensors";
  const std::vector<Mistake> mistakes = {
      {{none, "--dataset", dataset_}, 66, none},
      {{"bad/damaged/" + name, "--dataset", dataset_}, 65, "does not match the hash"},
      {{dataset_, "--dataset", dataset_}, 65, "not the name of a checkpoint"},
      {{checkpoint_, "--dataset", "bad/none.h5"}, 66, "bad/none.h5"},
      {{checkpoint_, "--dataset", checkpoint_}, 65, "not a dataset"},
      {{checkpoint_, "--dataset", other_dataset_}, 65, "its dataset is"},
      {{checkpoint_, "--dataset", other_dataset_, "--trial", "given.json"}, 65, "belongs to trial"},
      {{checkpoint_, "--dataset", dataset_, "--trial", "bad/none.json"}, 66, "bad/none.json"},
      {{checkpoint_, "--dataset", dataset_, "--trial", "bad/other.json"}, 65, "belongs to trial"},
      {{checkpoint_, "--dataset", dataset_, "--trial", "bad/unknown.json"}, 78, "droput"},
      {{checkpoint_, "--dataset", dataset_, "--device", "cuda:9"}, 69, "'cuda:9'"}};
  for (const Mistake& mistake : mistakes) {
    for (const std::vector<std::string>& verb :
         {std::vector<std::string>{"eval"}, {"crops", "--out", "bad/out.h5"}}) {
      std::vector<std::string> arguments = verb;
      arguments.insert(arguments.end(), mistake.arguments.begin(), mistake.arguments.end());
      const RunResult result = worker(arguments);
      EXPECT_EQ(result.status, mistake.status) << result.err;
      EXPECT_EQ(result.out, "");
      EXPECT_NE(result.err.find(mistake.said), std::string::npos) << result.err;
      EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    }
  }
  EXPECT_FALSE(fs::exists(folder / "bad/out.h5"));
}

TEST_F(WorkerVerbs, ADeviceThatIsNotThereIsSaidBeforeAnythingIsRead) {
  const std::vector<std::vector<std::string>> verbs = {
      {"train", "none.json", "--dataset", "none.h5", "--out", "never"},
      {"eval", "none", "--dataset", "none.h5"},
      {"crops", "none", "--dataset", "none.h5", "--out", "never"},
      {"serve"}};
  for (std::vector<std::string> arguments : verbs) {
    arguments.insert(arguments.end(), {"--device", "cuda"});
    const RunResult result = worker(arguments);
    EXPECT_EQ(result.status, 69) << result.err;
    EXPECT_EQ(result.err,
              "glimpse-worker: error: use device 'cuda': glimpse-worker-cuda is the program for "
              "it\n");
  }
  EXPECT_FALSE(fs::exists(runner_->folder() / "never"));
}

TEST_F(WorkerVerbs, AnOutputThatCannotBeMadeIsOneLineAndACode) {
  fs::create_directories(runner_->folder() / "taken");
  for (const std::string out : {"/dev/null/crops.h5", "given.json/crops.h5", "taken"}) {
    const RunResult result = worker({"crops", checkpoint_, "--dataset", dataset_, "--out", out});
    EXPECT_EQ(result.status, 73) << result.err;
    EXPECT_NE(result.err.find(fs::path(out).begin()->string()), std::string::npos) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  }
}

TEST_F(WorkerVerbs, WhatCannotBeUnderstoodIsAnsweredWithTheUsage) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--split", "all"}, {"--count", "3"}, {"--threads", "0"}}) {
    const RunResult result = eval(more);
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.err.find("glimpse-worker eval CHECKPOINT"), std::string::npos);
  }
  EXPECT_EQ(worker({"eval", checkpoint_}).status, 2);
  EXPECT_EQ(worker({"crops", checkpoint_, "--dataset", dataset_}).status, 2);
}

}  // namespace
}  // namespace glimpse::tests
