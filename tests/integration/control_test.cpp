// `glimpse submit` and `glimpse stop`, with a coordinator of the test's own behind the spool, and
// without one.

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "launcher/spool/spool_server.h"
#include "storage/files/file_lock.h"
#include "tests/integration/control_results.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/child_process.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using experiments::ExitCode;
using launcher::SpoolReply;
using launcher::SpoolRequest;
using launcher::StopCommand;
using launcher::SubmitCommand;

constexpr const char* kStudy = R"({
  "name": "tiny",
  "dataset": {"source": "builtin", "width": 40, "height": 40, "digits": 1, "digit_side": 24,
              "train": 100, "valid": 10, "test": 10},
  "parameters": {"model": {"value": "conv"}}
})";

// Holds the folder and answers what is asked.
class FakeCoordinator {
 public:
  explicit FakeCoordinator(const fs::path& results, SpoolReply reply = {})
      : lock_(take(results)), server_(results / "spool", {}), reply_(std::move(reply)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }

  [[nodiscard]] std::vector<launcher::SpoolCommand> commands() {
    const std::lock_guard guard(mutex_);
    return commands_;
  }

 private:
  static storage::FileLock take(const fs::path& results) {
    fs::create_directories(results);
    return storage::FileLock::try_acquire(results / "glimpse.lock").value();
  }

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      for (const SpoolRequest& request : server_.poll()) {
        const std::lock_guard guard(mutex_);
        commands_.push_back(request.command);
        server_.reply(request, reply_.exit, reply_.text);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  storage::FileLock lock_;
  launcher::SpoolServer server_;
  SpoolReply reply_;
  std::mutex mutex_;
  std::vector<launcher::SpoolCommand> commands_;
  std::jthread thread_;
};

class Control : public testing::Test {
 protected:
  Control() { save_bytes(glimpse_.folder() / "tiny.json", kStudy); }

  GlimpseRunner glimpse_;
};

TEST_F(Control, HandsAStudyToWhoeverHoldsTheFolder) {
  FakeCoordinator coordinator(glimpse_.results(), {.text = "3 trials to run"});
  const RunResult result = glimpse_.run({"submit", "tiny.json", "seeds=3"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("tiny: 3 trials to run"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("glimpse status -w"), std::string::npos) << result.err;
  ASSERT_EQ(coordinator.commands().size(), 1U);
  const auto submit = std::get<SubmitCommand>(coordinator.commands()[0]);
  EXPECT_EQ(submit.study, "tiny");
  const storage::ResultsFolder folder(glimpse_.results());
  EXPECT_NE(load_bytes(folder.study_file(submit.text_hash)).find("\"seeds\""), std::string::npos)
      << "the text as the command line changed it";
  EXPECT_FALSE(fs::exists(glimpse_.results() / "run.log"));
}

TEST_F(Control, SaysWhatTheCoordinatorRefuses) {
  const FakeCoordinator coordinator(glimpse_.results(),
                                    {.exit = ExitCode::kBadConfig, .text = "it needs a GPU"});
  const RunResult result = glimpse_.run({"submit", "tiny.json"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("submit tiny: it needs a GPU"), std::string::npos) << result.err;
}

TEST_F(Control, RefusesAStudyThatIsWrongBeforeAnybodyIsAsked) {
  FakeCoordinator coordinator(glimpse_.results());
  EXPECT_EQ(glimpse_.run({"submit", "tiny.json", "parameters.droput=1"}).status, 2);
  EXPECT_EQ(glimpse_.run({"submit", "nothing"}).status, 2);
  const RunResult relative = glimpse_.run({"submit", "tiny.json", "dataset.file=my.h5"});
  EXPECT_NE(relative.status, 0);
  EXPECT_TRUE(coordinator.commands().empty());
}

TEST_F(Control, NeverStartsASecondRunBesideOneThatIsSilent) {
  fs::create_directories(glimpse_.results());
  const auto lock = storage::FileLock::try_acquire(glimpse_.results() / "glimpse.lock");
  ASSERT_TRUE(lock.has_value());
  const RunResult result = glimpse_.run({"submit", "tiny.json"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("does not answer"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(glimpse_.results() / "run.log"));
  EXPECT_TRUE(fs::is_empty(glimpse_.results() / "spool")) << "the command was taken back";
}

TEST_F(Control, OnlySaysInADryRun) {
  const RunResult alone = glimpse_.run({"submit", "tiny.json", "--dry-run"});
  EXPECT_EQ(alone.status, 0);
  EXPECT_NE(alone.err.find("would start 'glimpse run' for tiny"), std::string::npos) << alone.err;
  EXPECT_FALSE(fs::exists(glimpse_.results()));
  FakeCoordinator coordinator(glimpse_.results());
  const RunResult beside = glimpse_.run({"submit", "tiny.json", "--dry-run"});
  EXPECT_NE(beside.err.find("would hand tiny over to process " + std::to_string(getpid())),
            std::string::npos)
      << beside.err;
  EXPECT_TRUE(coordinator.commands().empty());
}

#ifndef GLIMPSE_HAS_WORKER
// This build has no worker, which a run finds out right after it took the folder.
TEST_F(Control, ShowsHowARunEndedThatCouldNotStart) {
  ASSERT_EQ(glimpse_.run({"dataset", "build", "tiny.json"}).status, 0);
  const RunResult result = glimpse_.run({"submit", "tiny.json"});
  EXPECT_EQ(result.status, 66) << result.err;
  EXPECT_NE(result.err.find("glimpse-worker is missing"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("ended with exit code 66"), std::string::npos) << result.err;
  EXPECT_NE(load_bytes(glimpse_.results() / "run.log").find("is missing"), std::string::npos);
  const RunResult again = glimpse_.run({"submit", "tiny.json"});
  const std::size_t first = again.err.find("is missing");
  EXPECT_EQ(again.err.find("is missing", first + 1), std::string::npos)
      << "the log of the time before is not shown: " << again.err;
}
#endif

TEST_F(Control, StopsNothingWhereNothingRuns) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"stop", "--all"}, {"stop", "small"}, {"stop", "--all", "--now", "--wait"}}) {
    const RunResult result = glimpse_.run(arguments);
    EXPECT_EQ(result.status, 0);
    EXPECT_NE(result.err.find("nothing runs in"), std::string::npos) << result.err;
  }
  EXPECT_EQ(glimpse_.run({"stop"}).status, 2);
  EXPECT_EQ(glimpse_.run({"stop", "small", "--all"}).status, 2);
}

TEST_F(Control, StopsStudiesRunsAndEverything) {
  { const ControlResults results(glimpse_.results(), 2); }
  FakeCoordinator coordinator(glimpse_.results(), {.text = "it will end"});
  const RunResult two = glimpse_.run({"stop", "small", "b", "--now"});
  EXPECT_EQ(two.status, 0) << two.err;
  EXPECT_NE(two.err.find("it will end"), std::string::npos) << two.err;
  EXPECT_EQ(glimpse_.run({"stop", "--all"}).status, 0);
  using What = StopCommand::What;
  const std::vector<launcher::SpoolCommand> expected = {
      StopCommand{.what = What::kStudy, .name = "small", .is_now = true},
      StopCommand{.what = What::kRun, .name = sample_run(1), .is_now = true},
      StopCommand{.what = What::kAll, .name = "", .is_now = false}};
  EXPECT_EQ(coordinator.commands(), expected);
  EXPECT_EQ(glimpse_.run({"stop", "nothing"}).status, 2);
  EXPECT_EQ(coordinator.commands().size(), 3U);
}

TEST_F(Control, WaitsUntilTheAttemptsHaveEnded) {
  ControlResults results(glimpse_.results(), 2);
  const auto first = results.start(0, "");
  const auto second = results.start(1, "");
  FakeCoordinator coordinator(glimpse_.results(), {.text = "it will end"});
  ChildProcess stopper(
      GlimpseRunner::command({"stop", "a", "--wait", "--results", glimpse_.results().string()}));
  EXPECT_NE(stopper.read_line().find("it will end"), std::string::npos);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  results.stop(first);
  EXPECT_NE(stopper.read_line().find("1 running attempts have ended"), std::string::npos);
  EXPECT_EQ(stopper.wait().exit_code, 0) << "the other run goes on";
  results.stop(second);
}

TEST_F(Control, WaitsForNobodyWhoIsGone) {
  ControlResults results(glimpse_.results(), 1);
  results.start(0, "");
  auto coordinator = std::make_unique<FakeCoordinator>(glimpse_.results());
  ChildProcess stopper(GlimpseRunner::command(
      {"stop", "--all", "--wait", "--results", glimpse_.results().string()}));
  while (coordinator->commands().empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  coordinator.reset();
  EXPECT_NE(stopper.read_to_end().find("the coordinator has ended"), std::string::npos);
  EXPECT_EQ(stopper.wait().exit_code, 0);
}

TEST_F(Control, SaysWhenACoordinatorDoesNotAnswer) {
  { const ControlResults results(glimpse_.results(), 1); }
  const auto lock = storage::FileLock::try_acquire(glimpse_.results() / "glimpse.lock");
  ASSERT_TRUE(lock.has_value());
  const RunResult result = glimpse_.run({"stop", "--all"});
  EXPECT_EQ(result.status, 78);
  EXPECT_NE(result.err.find("does not answer"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace glimpse::tests
