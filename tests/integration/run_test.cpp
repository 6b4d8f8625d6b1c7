// `glimpse run` with the real worker: a study from nothing to its cells, also when somebody stops
// it, kills it, or kills its workers on the way.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/file_io.h"
#include "storage/files/run_folder.h"
#include "storage/sqlite/database.h"
#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

// Two trials of some twenty short epochs.
constexpr const char* kStudy = R"({
  "name": "small",
  "dataset": {"source": "builtin", "width": 40, "height": 44, "digits": 2, "digit_side": 16,
              "patches": 0, "train": 400, "valid": 100, "test": 100},
  "parameters": {"model": {"values": ["ffn-spn", "conv"]}, "filters": {"value": 6},
                 "dense": {"value": 24}, "batch_size": {"value": 20}, "epochs": {"value": 20},
                 "learning_rate": {"value": 0.002}},
  "checkpoint_every": "1s",
  "table": {"rows": "model", "metric": "test_error"}
})";

class Run : public testing::Test {
 protected:
  Run() { std::ofstream(runner_.folder() / "small.json") << kStudy; }

  RunResult run(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"run", "./small.json", "--slots", "2"};
    words.insert(words.end(), more.begin(), more.end());
    return runner_.run(words);
  }

  // Everything that must not depend on what happened on the way.
  std::string table() const {
    return runner_
        .run({"query",
              "select run_id, epoch, name, value from v_metrics order by run_id, name, epoch",
              "--format",
              "csv"})
        .out;
  }

  [[nodiscard]] std::size_t count_files(const std::string& name) const {
    std::size_t count = 0;
    if (fs::exists(runner_.results() / "runs")) {
      for (const auto& entry : fs::recursive_directory_iterator(runner_.results() / "runs")) {
        count += entry.path().filename().string().starts_with(name) ? 1 : 0;
      }
    }
    return count;
  }

  // Until training is on its way: both attempts have a checkpoint.
  void wait_for_checkpoints() const {
    for (int i = 0; i < 600 && count_files("step-") < 2; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ASSERT_GE(count_files("step-"), 2U);
  }

  GlimpseRunner runner_;
};

TEST_F(Run, ReadsCopiesOnTheNodeWhereItIsTold) {
  const fs::path node = runner_.folder() / "node";
  ASSERT_EQ(run({"--stage", node.string()}).status, 0);
  const std::string staged = table();
  std::size_t copies = 0;
  for (const auto& entry : fs::directory_iterator(node)) {
    copies += entry.path().extension() == ".h5" ? 1 : 0;
  }
  EXPECT_EQ(copies, 1U);
  fs::remove_all(runner_.results());
  ASSERT_EQ(run().status, 0);
  EXPECT_EQ(table(), staged);
}

TEST_F(Run, GoesFromNothingToItsCells) {
  const RunResult first = run();
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_NE(first.out.find("test_error"), std::string::npos) << first.out;
  EXPECT_NE(first.err.find("(2 of 2)"), std::string::npos) << first.err;
  EXPECT_EQ(runner_.run({"verify"}).status, 0);
  EXPECT_EQ(count_files("trial.json"), 2U);
  const std::string run_id =
      runner_.run({"query", "select run_id from v_trials", "--format", "jsonl"}).out.substr(11, 32);
  const std::string shown = runner_.run({"show", run_id}).out;
  EXPECT_NE(shown.find("./small.json:7"), std::string::npos) << shown;
  EXPECT_NE(shown.find("device_model  "), std::string::npos) << shown;

  const std::string before = table();
  EXPECT_GT(before.size(), 1000U);
  const RunResult again = run();
  EXPECT_EQ(again.status, 0);
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
  EXPECT_EQ(table(), before);
  EXPECT_EQ(count_files("attempt-"), 2U);
}

TEST_F(Run, GivesTheSameTableWhateverHappensToIt) {
  ASSERT_EQ(run().status, 0);
  const std::string undisturbed = table();
  for (const int signal : {SIGINT, SIGKILL}) {
    fs::remove_all(runner_.results());
    const pid_t first = runner_.start({"run", "./small.json", "--slots", "2"});
    wait_for_checkpoints();
    kill(first, signal);
    EXPECT_EQ(wait_for(first), signal == SIGINT ? 75 : 128 + SIGKILL);
    const RunResult second = run();
    EXPECT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(table(), undisturbed) << "after signal " << signal;
    EXPECT_EQ(runner_.run({"verify"}).status, 0);
  }
}

// Of an attempt that the merge gave the number 1, and whose folder it had no time to move.
TEST_F(Run, FinishesAMergeThatWasCutOff) {
  ASSERT_EQ(run({"model=conv"}).status, 0);
  const std::string run_id =
      runner_.run({"query", "select run_id from v_trials", "--format", "csv"})
          .out.substr(std::string("run_id\r\n").size(), 32);
  const fs::path run_folder = storage::ResultsFolder(runner_.results()).run_folder(run_id);
  fs::rename(run_folder / "attempt-1", run_folder / "attempt-7");
  {
    storage::Database database(runner_.results() / "glimpse.db", storage::OpenMode::kReadWrite);
    database.execute("INSERT INTO attempt_moves (attempt, old_number) SELECT id, 7 FROM attempts");
  }
  EXPECT_EQ(run({"model=conv"}).status, 0);
  EXPECT_TRUE(fs::exists(run_folder / "attempt-1"));
  EXPECT_FALSE(fs::exists(run_folder / "attempt-7"));
  EXPECT_EQ(runner_.run({"verify"}).status, 0);
}

TEST_F(Run, TriesAgainWhenAWorkerIsKilled) {
  const pid_t running = runner_.start({"run", "./small.json", "--slots", "2"});
  wait_for_checkpoints();
  const std::string starter = "$(pgrep -P " + std::to_string(running) + ")";
  EXPECT_EQ(runner_.shell("pkill -KILL -P " + starter + " -f glimpse-worker").status, 0);
  EXPECT_EQ(wait_for(running), 0);
  const std::string failures =
      runner_.run({"query", "select class, state from v_attempts order by 1, 2", "--format", "csv"})
          .out;
  EXPECT_NE(failures.find("signal,failed"), std::string::npos) << failures;
}

TEST_F(Run, KeepsTheFolderToItself) {
  const pid_t first = runner_.start({"run", "./small.json", "--slots", "2"});
  wait_for_checkpoints();
  const RunResult second = run();
  EXPECT_EQ(second.status, 78);
  EXPECT_NE(second.err.find("in use by process " + std::to_string(first)), std::string::npos)
      << second.err;
  kill(first, SIGINT);
  wait_for(first);
}

TEST_F(Run, ReproducesATableFromNothingToItsReport) {
  const std::vector<std::string> words = {"reproduce",
                                          "table1",
                                          "--preset",
                                          "smoke",
                                          "epochs=2",
                                          "dataset.train=200",
                                          "dataset.valid=100",
                                          "dataset.test=100"};
  const RunResult first = runner_.run(words);
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_NE(first.out.find("not comparable"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("dataset.source: builtin"), std::string::npos) << first.out;
  std::ifstream page(runner_.results() / "reports/table1-smoke.html");
  const std::string html((std::istreambuf_iterator<char>(page)), {});
  EXPECT_NE(html.find("data:image/png;base64,"), std::string::npos) << "what the networks saw";
  const RunResult again = runner_.run(words);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
}

TEST_F(Run, RefusesToReproduceWhatIsNotThere) {
  const RunResult unknown = runner_.run({"reproduce", "tabel1"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("tabel1"), std::string::npos) << unknown.err;
  const RunResult without_digits = runner_.run({"reproduce", "table1", "--preset", "quick"});
  EXPECT_EQ(without_digits.status, 66) << without_digits.err;
  EXPECT_NE(without_digits.err.find("dataset fetch"), std::string::npos) << without_digits.err;
}

TEST_F(Run, SaysWhatCannotBeRunHere) {
  const RunResult gpu = run({"resources.gpus=1"});
  EXPECT_EQ(gpu.status, 66);
  EXPECT_NE(gpu.err.find("glimpse-worker-cuda is missing"), std::string::npos) << gpu.err;
  const RunResult members = run({"resources.members=2"});
  EXPECT_EQ(members.status, 2);
  EXPECT_NE(members.err.find("resources.members=1"), std::string::npos) << members.err;
}

}  // namespace
}  // namespace glimpse::tests
