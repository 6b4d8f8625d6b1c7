// What gc takes away and what it leaves, in results made through a coordinator's own code.

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "storage/files/file_lock.h"
#include "storage/hdf5/crops_file.h"
#include "storage/safetensors/checkpoint.h"
#include "tests/integration/control_results.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

// Trial a: done after two attempts, best at its second epoch. Trial b: stopped half way. Trial c:
// has an attempt that nobody ended.
class Garbage : public testing::Test {
 protected:
  Garbage() : results_(std::make_unique<ControlResults>(glimpse_.results(), 3)) {
    const auto first = results_->start(0, "first\n");
    results_->end_epoch(first, 1, 20);
    a1_ = results_->save(0, first, 100, 1);
    results_->end_epoch(first, 2, 10);
    a2_ = results_->save(0, first, 200, 2);
    results_->stop(first);
    const auto second = results_->start(0, "second\n");
    results_->end_epoch(second, 3, 30);
    a3_ = results_->save(0, second, 300, 3);
    results_->end_epoch(second, 4, 40);
    a4_ = results_->save(0, second, 400, 4);
    storage::write_crops(folder(0, 2) / "crops.h5",
                         storage::Crops{.run_id = sample_run(0),
                                        .config = "{}",
                                        .split = "test",
                                        .weights = "best",
                                        .shape = {.count = 1, .height = 1, .width = 1, .digits = 1},
                                        .images = {0},
                                        .labels = {0},
                                        .predictions = {0},
                                        .index = {0},
                                        .theta = {},
                                        .boxes = {},
                                        .crops = {}});
    save_bytes(folder(0, 2) / ".x.0123456789abcdef.tmp-glimpse", "half");
    results_->finish(second);
    const auto half = results_->start(1, "half\n");
    results_->end_epoch(half, 1, 50);
    b1_ = results_->save(1, half, 100, 1);
    for (const int epoch : {2, 3, 4}) {
      results_->end_epoch(half, epoch, 60);
      results_->save(1, half, epoch * 100, epoch);
    }
    results_->stop(half);
    const auto open = results_->start(2, "open\n");
    for (const int epoch : {1, 2, 3, 4}) {
      results_->save(2, open, epoch, epoch);
    }
    results_.reset();
  }

  [[nodiscard]] fs::path folder(int trial, int attempt) const {
    return storage::ResultsFolder(glimpse_.results())
        .attempt_folder(sample_run(trial), static_cast<std::uint64_t>(attempt))
        .path;
  }

  [[nodiscard]] std::size_t checkpoints(int trial, int attempt) const {
    return storage::list_checkpoints(folder(trial, attempt)).size();
  }

  // Everything below the runs with its content.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(glimpse_.results() / "runs")) {
      if (entry.is_regular_file()) {
        all[entry.path().string()] = load_bytes(entry.path());
      }
    }
    return all;
  }

  [[nodiscard]] RunResult gc(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"gc"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return glimpse_.run(arguments);
  }

  GlimpseRunner glimpse_;
  std::unique_ptr<ControlResults> results_;
  std::string a1_;
  std::string a2_;
  std::string a3_;
  std::string a4_;
  std::string b1_;
};

TEST_F(Garbage, IsWhatNothingNeeds) {
  const RunResult result = gc({"--yes", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_FALSE(fs::exists(folder(0, 1) / a1_));
  EXPECT_TRUE(fs::exists(folder(0, 1) / a2_)) << "the best of the trial, of an older attempt";
  EXPECT_FALSE(fs::exists(folder(0, 2) / a3_));
  EXPECT_TRUE(fs::exists(folder(0, 2) / a4_)) << "the last";
  EXPECT_EQ(checkpoints(1, 1), 3U) << "a trial that goes on keeps its two newest and the best";
  EXPECT_TRUE(fs::exists(folder(1, 1) / b1_)) << "the best";
  EXPECT_EQ(checkpoints(2, 1), 4U) << "its attempt has not ended";
  EXPECT_TRUE(fs::exists(folder(2, 1) / "worker.log"));
  for (const auto& [trial, attempt] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 1)}) {
    EXPECT_TRUE(fs::exists(folder(trial, attempt) / "journal.jsonl"));
    EXPECT_FALSE(fs::exists(folder(trial, attempt) / "worker.log"));
  }
  EXPECT_TRUE(fs::exists(folder(0, 2) / "crops.h5"));
  EXPECT_FALSE(fs::exists(folder(0, 2) / ".x.0123456789abcdef.tmp-glimpse"));
  EXPECT_NE(result.err.find("1 trials have an attempt that has not ended"), std::string::npos);
  const JsonValue json(result.out);
  EXPECT_EQ(json.text("/totals/0/kind"), "checkpoint");
  EXPECT_EQ(json.number("/totals/0/files"), 3);
  EXPECT_EQ(json.number("/totals/1/files"), 3);
  EXPECT_EQ(json.number("/totals/1/bytes"), 6 + 7 + 5);
  EXPECT_EQ(json.number("/totals/2/files"), 1);
  const RunResult verified = glimpse_.run({"verify"});
  EXPECT_EQ(verified.status, 0) << verified.out;
}

TEST_F(Garbage, IsOnlyListedByADryRun) {
  const auto before = files();
  const RunResult result = gc({"--dry-run", "--format", "csv"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("runs/a0/" + sample_run(0) + "/attempt-1/" + a1_), std::string::npos)
      << result.out;
  EXPECT_EQ(result.out.find(a2_), std::string::npos);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1 + 3 + 3 + 1);
  EXPECT_EQ(files(), before);
}

TEST_F(Garbage, StaysWithoutAYes) {
  const auto before = files();
  const RunResult result = gc({});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("would remove 7 files"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("--yes"), std::string::npos);
  EXPECT_EQ(files(), before);
}

TEST_F(Garbage, StaysWhileACoordinatorRuns) {
  const auto before = files();
  const auto lock = storage::FileLock::try_acquire(glimpse_.results() / "glimpse.lock");
  ASSERT_TRUE(lock.has_value());
  const RunResult result = gc({"--yes"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("glimpse stop --all"), std::string::npos) << result.err;
  EXPECT_EQ(files(), before);
}

TEST_F(Garbage, IsGoneAfterTheFirstTime) {
  ASSERT_EQ(gc({"--yes"}).status, 0);
  const auto after = files();
  const RunResult again = gc({});
  EXPECT_EQ(again.status, 0) << "there is nothing to be sure of: " << again.err;
  EXPECT_EQ(files(), after);
}

TEST_F(Garbage, OfOneStudyIsThatOfItsTrials) {
  ASSERT_EQ(gc({"other", "--yes"}).status, 2);
  {
    storage::ResultsStore store(glimpse_.results() / "glimpse.db");
    const std::string key = sample_key(1);
    const std::vector<storage::PlannedTrialEntry> second = {
        {.key = key, .code = "1", .dataset = "d", .parameters_json = "{}"}};
    store.ledger().add_plan(
        {.name = "other", .text_hash = "44136fa355b3678a1146ad16f7e8649e", .resolved_json = "{}"},
        second,
        kNowMs);
    store.database().close_cleanly();
  }
  ASSERT_EQ(gc({"other", "--yes"}).status, 0);
  EXPECT_EQ(checkpoints(0, 1), 2U);
  EXPECT_EQ(checkpoints(1, 1), 3U);
}

// By its name the last one would stay and the whole one before it would go.
TEST_F(Garbage, IsNotAWholeCheckpointInPlaceOfADamagedOne) {
  const fs::path last = folder(0, 2) / a4_;
  fs::permissions(last, fs::perms(0644));
  std::string bytes = load_bytes(last);
  bytes[bytes.size() / 2] ^= 1;
  save_bytes(last, bytes);
  const RunResult result = gc({"--yes"});
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.err.find(a4_), std::string::npos) << result.err;
  EXPECT_TRUE(fs::exists(last)) << "what is damaged is for a person to look at";
  EXPECT_TRUE(fs::exists(folder(0, 2) / a3_)) << "the last that can be read";
  EXPECT_FALSE(fs::exists(folder(0, 1) / a1_));
}

TEST_F(Garbage, IsNeverBehindALink) {
  save_bytes(glimpse_.folder() / "precious", "mine");
  fs::remove(folder(0, 1) / "worker.log");
  fs::create_symlink(glimpse_.folder() / "precious", folder(0, 1) / "worker.log");
  fs::create_directory(glimpse_.folder() / "elsewhere");
  save_bytes(glimpse_.folder() / "elsewhere/worker.log", "mine, too");
  fs::rename(folder(1, 1), glimpse_.folder() / "moved");
  fs::create_directory_symlink(glimpse_.folder() / "elsewhere", folder(1, 1));
  ASSERT_EQ(gc({"--yes"}).status, 0);
  EXPECT_EQ(load_bytes(glimpse_.folder() / "precious"), "mine");
  EXPECT_EQ(load_bytes(glimpse_.folder() / "elsewhere/worker.log"), "mine, too");
}

}  // namespace
}  // namespace glimpse::tests
