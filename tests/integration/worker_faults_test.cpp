// What goes wrong around `glimpse-worker train`: one line that names it, the exit code that the
// launcher goes by, and nothing lost that was there.

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/run_folder.h"
#include "storage/safetensors/checkpoint.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/io_fault.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrial = R"({"parameters": {"model": "conv", "epochs": 1, "batch_size": 20,
  "filters": 4, "dense": 16}})";

class WorkerFaults : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    runner_ = new GlimpseRunner();
    dataset_ = build_dataset({"width=40", "height=44", "digits=2"});
    save_bytes(runner_->folder() / "trial.json", kTrial);
    ASSERT_EQ(train("trial.json", "good").status, 0);
  }
  static void TearDownTestSuite() {
    delete runner_;
    runner_ = nullptr;
  }

  static std::string build_dataset(std::vector<std::string> shape) {
    shape.insert(shape.end(), {"digit_side=16", "patches=0", "train=120", "valid=40", "test=40"});
    return runner_->build_dataset(shape);
  }

  static std::vector<std::string> train_command(const std::string& trial, const fs::path& out) {
    return {GLIMPSE_WORKER, "train", trial, "--dataset", dataset_, "--out", out.string()};
  }
  static RunResult train(const std::string& trial, const fs::path& out) {
    return runner_->run_program(train_command(trial, out));
  }

  // All that a run has learned, by tensor.
  static std::map<std::string, std::string> learned(const fs::path& run) {
    const storage::Checkpoint checkpoint = storage::open_checkpoint(newest_checkpoint(run));
    std::map<std::string, std::string> tensors;
    for (const storage::TensorView& tensor : checkpoint.file.tensors()) {
      tensors[tensor.name].assign(reinterpret_cast<const char*>(tensor.bytes.data()),
                                  tensor.bytes.size());
    }
    return tensors;
  }

  static fs::path newest_checkpoint(const fs::path& run) {
    const std::uint64_t attempt = storage::list_attempts(run).back();
    return storage::list_checkpoints(storage::attempt_folder(run, attempt).path).front().path;
  }

  static GlimpseRunner* runner_;
  static std::string dataset_;
};

GlimpseRunner* WorkerFaults::runner_ = nullptr;
std::string WorkerFaults::dataset_;

TEST_F(WorkerFaults, ADiskThatIsFullAtAnyWriteStopsTheAttemptAndTheNextOneGoesOn) {
  const std::string trial = runner_->folder() / "trial.json";
  const std::uint64_t failures = fail_every_operation(
      {.operations = "write",
       .command = [&](const fs::path& folder) { return train_command(trial, folder / "run"); },
       .judge =
           [&](const fs::path& folder, const ChildResult& result) {
             EXPECT_EQ(result.exit_code, 73) << result.output;
             EXPECT_NE(result.output.find(folder.string()), std::string::npos) << result.output;
             const RunResult again = train(trial, folder / "run");
             EXPECT_EQ(again.status, 0) << again.err;
             EXPECT_EQ(learned(folder / "run"), learned(runner_->folder() / "good"));
           }});
  EXPECT_GT(failures, 10U);
}

// LibTorch itself takes about half a gigabyte; this network takes well over one with such a batch.
TEST_F(WorkerFaults, AMemoryLimitIsOneLineAndACode) {
  save_bytes(runner_->folder() / "large.json",
             R"({"parameters": {"model": "conv", "epochs": 1, "batch_size": 120}})");
  const std::string wide = build_dataset({"width=100", "height=100", "digits=3"});
  const RunResult result = runner_->shell(
      "ulimit -v 1000000; exec " GLIMPSE_WORKER " train large.json --out large --dataset " + wide);
  EXPECT_EQ(result.status, 71) << result.err;
  EXPECT_NE(result.err.find("host_oom: the process may have no more memory"), std::string::npos)
      << result.err;
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

TEST_F(WorkerFaults, ADamagedCheckpointIsNamedAndPassedOver) {
  const fs::path run = runner_->folder() / "damaged";
  fs::copy(runner_->folder() / "good", run, fs::copy_options::recursive);
  const fs::path checkpoint = newest_checkpoint(run);
  std::string bytes = load_bytes(checkpoint);
  bytes[bytes.size() / 2] ^= 1;
  save_bytes(checkpoint, bytes);
  const RunResult result = train("trial.json", run);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.err.starts_with("passed over: open checkpoint " + checkpoint.string()))
      << result.err;
  EXPECT_EQ(learned(run), learned(runner_->folder() / "good"));
}

struct Mistake {
  std::string trial;
  std::string dataset;
  int status = 0;
  std::string said;
};

TEST_F(WorkerFaults, EveryBadInputIsOneLineAndACode) {
  const std::string small = build_dataset({"width=20", "height=20", "digits=1"});
  const fs::path folder = runner_->folder();
  save_bytes(folder / "unknown.json", R"({"parameters": {"model": "conv", "droput": 1}})");
  save_bytes(folder / "batch.json", R"({"parameters": {"model": "conv", "batch_size": 121}})");
  save_bytes(folder / "spn.json", R"({"parameters": {"model": "ffn-spn"}})");
  save_bytes(folder / "not.json", "}");
  const std::vector<Mistake> mistakes = {
      {"unknown.json", dataset_, 78, "unknown.json:1:34: /parameters/droput: unknown parameter"},
      {"not.json", dataset_, 78, "not.json:1:1:"},
      {"none.json", dataset_, 66, "none.json"},
      {"trial.json", "none.h5", 66, "none.h5"},
      {"trial.json", "trial.json", 65, "not a dataset"},
      {"spn.json", small, 78, "ffn-spn needs images of at least"},
      {"batch.json", dataset_, 78, "batch_size 121 is more than the 120 training images"}};
  for (const Mistake& mistake : mistakes) {
    const RunResult result = runner_->run_program(
        {GLIMPSE_WORKER, "train", mistake.trial, "--dataset", mistake.dataset, "--out", "mistake"});
    EXPECT_EQ(result.status, mistake.status) << result.err;
    EXPECT_NE(result.err.find(mistake.said), std::string::npos) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    fs::remove_all(folder / "mistake");
  }
  const RunResult taken = train("batch.json", "good");
  EXPECT_EQ(taken.status, 65);
  EXPECT_NE(taken.err.find("another trial lies there"), std::string::npos) << taken.err;
}

}  // namespace
}  // namespace glimpse::tests
