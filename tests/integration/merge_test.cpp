// What a merge copies, and what it leaves where it is.

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/files/file_lock.h"
#include "storage/safetensors/checkpoint.h"
#include "storage/sqlite/results_store.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"
#include "tests/integration/shards.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

class MergedFiles : public testing::Test {
 protected:
  MergedFiles() { make_shard(shard_, {1000}); }

  // Into "all"; says how many folders came over.
  double merge(const std::string& said = "") {
    const RunResult result = glimpse_.run({"merge", "shard", "--results", "all", "--json"});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_NE(result.err.find(said), std::string::npos) << result.err;
    return JsonValue(result.out).number("/sources/0/folders");
  }

  [[nodiscard]] int verify() const { return glimpse_.run({"verify", "--results", "all"}).status; }

  GlimpseRunner glimpse_;
  fs::path shard_ = glimpse_.folder() / "shard";
  fs::path all_ = glimpse_.folder() / "all";
  fs::path attempt_ = fs::path("runs/ab") / shard_run_id() / "attempt-1";
};

TEST_F(MergedFiles, FollowAnAttemptThatWentOn) {
  take_end_back(shard_);
  EXPECT_EQ(merge(), 1);
  EXPECT_EQ(merge(), 0);
  give_end_again(shard_);
  save_bytes(shard_ / attempt_ / "worker.log", "the end\n");
  EXPECT_EQ(merge(), 1);
  EXPECT_EQ(merge(), 0);
  EXPECT_EQ(verify(), 0);
  EXPECT_EQ(load_bytes(all_ / attempt_ / "journal.jsonl"),
            load_bytes(shard_ / attempt_ / "journal.jsonl"));
  EXPECT_EQ(load_bytes(all_ / attempt_ / "worker.log"), "the end\n");
}

TEST_F(MergedFiles, GoNeverBackToAnOlderCopy) {
  merge();
  const std::string whole = load_bytes(all_ / attempt_ / "journal.jsonl");
  take_end_back(shard_);
  EXPECT_EQ(merge(), 0);
  EXPECT_EQ(load_bytes(all_ / attempt_ / "journal.jsonl"), whole);
}

TEST_F(MergedFiles, StayRemovedOnceTheyWere) {
  merge();
  fs::path checkpoint;
  {
    storage::ResultsStore store(all_ / "glimpse.db");
    checkpoint = storage::list_checkpoints(all_ / attempt_).at(0).path;
    store.ledger().remove_artifact(1, checkpoint.filename().string());
    fs::remove(checkpoint);
  }
  EXPECT_EQ(merge(), 0);
  EXPECT_FALSE(fs::exists(checkpoint));
  EXPECT_EQ(verify(), 0);
}

TEST_F(MergedFiles, WaitForAProcessThatHoldsTheSource) {
  {
    const auto lock = storage::FileLock::try_acquire(shard_ / "glimpse.lock");
    ASSERT_TRUE(lock.has_value());
    for (const char* source : {"shard", "shard/glimpse.db"}) {
      const RunResult refused = glimpse_.run({"merge", source, "--results", "all"});
      EXPECT_EQ(refused.status, 78) << source;
      EXPECT_NE(refused.err.find("process " + std::to_string(getpid())), std::string::npos)
          << refused.err;
    }
    EXPECT_FALSE(fs::exists(all_));
  }
  EXPECT_EQ(merge(), 1);
}

TEST_F(MergedFiles, HoldEveryTextOfAStudyWhole) {
  const std::string name = "ba7816bf8f01cfea414140de5dae2223.json";  // of "abc"
  save_bytes(shard_ / "studies" / name, "abc");
  save_bytes(shard_ / "studies" / (std::string(32, '0') + ".json"), "not what it says");
  merge(std::string(32, '0') + ".json is damaged");
  EXPECT_FALSE(fs::exists(all_ / "studies" / (std::string(32, '0') + ".json")));
  save_bytes(all_ / "studies" / name, "ab");
  merge();
  EXPECT_EQ(load_bytes(all_ / "studies" / name), "abc");
}

TEST_F(MergedFiles, LeaveOutWhatIsNoFile) {
  ASSERT_EQ(mkfifo((shard_ / attempt_ / "pipe").c_str(), 0600), 0);
  fs::create_symlink("/nowhere", shard_ / attempt_ / "link");
  fs::create_symlink("/nowhere", shard_ / "studies" / (std::string(32, '1') + ".json"));
  fs::create_directories(shard_ / attempt_ / "own/deep");
  save_bytes(shard_ / attempt_ / "own/deep/file", "a command's");
  EXPECT_EQ(merge("pipe is no plain file"), 1);
  EXPECT_EQ(merge("link is no plain file"), 0);
  EXPECT_EQ(load_bytes(all_ / attempt_ / "own/deep/file"), "a command's");
  EXPECT_EQ(verify(), 0);
}

TEST_F(MergedFiles, NeverMixWithThoseOfAnotherAttempt) {
  fs::create_directories(all_ / attempt_);
  save_bytes(all_ / attempt_ / "journal.jsonl", "another's\n");
  const RunResult refused = glimpse_.run({"merge", "shard", "--results", "all"});
  EXPECT_EQ(refused.status, 65);
  EXPECT_NE(refused.err.find("another attempt"), std::string::npos) << refused.err;
  EXPECT_EQ(load_bytes(all_ / attempt_ / "journal.jsonl"), "another's\n");
  fs::rename(all_ / attempt_, all_ / "aside");
  EXPECT_EQ(merge(), 1);
  EXPECT_EQ(verify(), 0);
}

}  // namespace
}  // namespace glimpse::tests
