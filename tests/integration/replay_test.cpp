// `glimpse replay` with the real worker: a run trained again, and what keeps it from being equal.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/run_folder.h"
#include "storage/sqlite/database.h"
#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStudy = R"({
  "name": "small",
  "dataset": {"source": "builtin", "width": 40, "height": 44, "digits": 2, "digit_side": 16,
              "patches": 0, "train": 60, "valid": 20, "test": 20},
  "parameters": {"model": {"value": "ffn-spn"}, "filters": {"value": 4}, "dense": {"value": 8},
                 "batch_size": {"value": 20}, "epochs": {"value": 4}}
})";
constexpr const char* kCommandStudy = R"({
  "name": "own", "kind": "command", "command": ["bash", "-c", "exit 0"], "metric": {"name": "loss"}
})";

class Replayed : public testing::Test {
 protected:
  Replayed() { run_study("small.json", kStudy); }

  void run_study(const std::string& name, const char* text) const {
    std::ofstream(glimpse_.folder() / name) << text;
    const RunResult result = glimpse_.run({"run", "./" + name, "--slots", "1"});
    EXPECT_EQ(result.status, 0) << result.err;
  }
  [[nodiscard]] std::string run_id(const std::string& study = "small") const {
    return glimpse_
        .run({"query",
              "select run_id from v_trials where study = '" + study + "'",
              "--format",
              "jsonl"})
        .out.substr(11, 32);
  }
  [[nodiscard]] RunResult replay(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"replay", run_id()});
    return glimpse_.run(more);
  }
  void change(const std::string& sql) const {
    storage::Database database(storage::ResultsFolder(glimpse_.results()).database(),
                               storage::OpenMode::kReadWrite);
    database.execute(sql);
    database.close_cleanly();
  }

  GlimpseRunner glimpse_;
};

TEST_F(Replayed, RunsHaveEqualWeightsAfterEveryEpoch) {
  const RunResult result = replay({"--format", "csv"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.err.find("replay: 4 epochs, equal weights"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("cannot be expected"), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("\n4,"), std::string::npos) << result.out;
}

TEST_F(Replayed, RunsThatDifferNameTheFirstEpoch) {
  change(
      "UPDATE epochs SET weights_hash = replace(weights_hash, 'a', 'b') || '0' WHERE epoch >= 3");
  const RunResult result = replay();
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("the weights differ from epoch 3 on"), std::string::npos) << result.err;
  const RunResult first = replay({"--epochs", "2"});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_NE(first.err.find("2 epochs, equal weights"), std::string::npos) << first.err;
}

TEST_F(Replayed, RunsOfAnotherMachineAreComparedAfterAWarning) {
  change("UPDATE environments SET json = json_set(json, '$.torch', '1.0', '$.device_model', 'X')");
  const RunResult result = replay({"--epochs", "1"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.err.find("equal weights cannot be expected here: Torch was 1.0 and is "),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("the device was X"), std::string::npos) << result.err;
}

TEST_F(Replayed, RunsAreKeptInANewFolderWhereAsked) {
  ASSERT_EQ(replay({"--epochs", "1", "--keep", "kept"}).status, 0);
  EXPECT_TRUE(fs::exists(glimpse_.folder() / "kept/attempt-1/journal.jsonl"));
  const RunResult again = replay({"--epochs", "1", "--keep", "kept"});
  EXPECT_EQ(again.status, 2);
  EXPECT_NE(again.err.find("something is there"), std::string::npos) << again.err;
}

TEST_F(Replayed, RunsNeedTheirDataset) {
  fs::rename(glimpse_.results() / "data", glimpse_.folder() / "moved");
  const RunResult result = replay();
  EXPECT_EQ(result.status, 66);
  EXPECT_NE(result.err.find("'glimpse dataset build small' makes it again"), std::string::npos)
      << result.err;
  const fs::path file = fs::directory_iterator(glimpse_.folder() / "moved")->path();
  EXPECT_EQ(replay({"--epochs", "1", "--dataset", file.string()}).status, 0);
}

TEST_F(Replayed, RunsOfOnesOwnProgramAreRefused) {
  run_study("own.json", kCommandStudy);
  const RunResult result = glimpse_.run({"replay", run_id("own")});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("a program of your own"), std::string::npos) << result.err;
}

TEST_F(Replayed, RunsThatNobodyKnowsAreNamed) {
  EXPECT_EQ(glimpse_.run({"replay", "ffffffff"}).status, 2);
  EXPECT_EQ(glimpse_.run({"replay", run_id(), "--epochs", "0"}).status, 2);
}

}  // namespace
}  // namespace glimpse::tests
