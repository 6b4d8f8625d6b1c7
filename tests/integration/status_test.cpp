// `glimpse status` of what runs, once and watched.

#include <chrono>
#include <csignal>

#include <gtest/gtest.h>

#include "storage/files/file_lock.h"
#include "storage/sqlite/database.h"
#include "tests/integration/control_results.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"
#include "tests/support/child_process.h"

namespace glimpse::tests {
namespace {

class Status : public testing::Test {
 protected:
  Status() : results_(glimpse_.results(), 2) {}

  [[nodiscard]] std::vector<std::string> watch(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "status", "--results", glimpse_.results().string(), "-w", "0.1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return GlimpseRunner::command(arguments);
  }

  GlimpseRunner glimpse_;
  ControlResults results_;
};

TEST_F(Status, ShowsWhatRunsNow) {
  EXPECT_EQ(JsonValue(glimpse_.run({"status", "--json"}).out).size("/running"), 0U);
  results_.stop(results_.start(0, ""));
  const auto attempt = results_.start(0, "");
  results_.end_epoch(attempt, 1, 20);
  results_.end_epoch(attempt, 2, 10);
  results_.end_epoch(attempt, 3, 15);
  const JsonValue json(glimpse_.run({"status", "--json"}).out);
  EXPECT_EQ(json.number("/studies/0/running"), 1);
  ASSERT_EQ(json.size("/running"), 1U);
  EXPECT_EQ(json.text("/running/0/study"), "small");
  EXPECT_EQ(json.text("/running/0/run_id"), sample_run(0));
  EXPECT_EQ(json.number("/running/0/attempt"), 2);
  EXPECT_EQ(json.text("/running/0/node"), "node1");
  EXPECT_EQ(json.number("/running/0/slot"), 0);
  EXPECT_EQ(json.number("/running/0/epoch"), 3);
  EXPECT_EQ(json.number("/running/0/best"), 10);
  EXPECT_GT(json.number("/running/0/age_s"), 0);
  EXPECT_EQ(JsonValue(glimpse_.run({"status", "small", "--json"}).out).size("/running"), 1U);
}

TEST_F(Status, IsWatchedUntilNothingIsLeft) {
  ChildProcess watcher(watch({"--format", "csv"}));
  EXPECT_NE(watcher.read_line().find("pending"), std::string::npos);
  EXPECT_EQ(watcher.read_line(), "small,2,2,0,0,0,0,0\r");
  for (const int trial : {0, 1}) {
    const auto attempt = results_.start(trial, "");
    results_.end_epoch(attempt, 1, 10);
    results_.finish(attempt);
  }
  EXPECT_NE(watcher.read_to_end().find("small,2,0,0,2,0,0,0\r\n"), std::string::npos);
  EXPECT_EQ(watcher.wait().exit_code, 0);
}

TEST_F(Status, IsWatchedUntilCtrlC) {
  ChildProcess watcher(watch({}));
  EXPECT_NE(watcher.read_line().find("pending"), std::string::npos);
  watcher.send_signal(SIGINT);
  EXPECT_EQ(watcher.wait().signal, SIGINT);
}

TEST_F(Status, IsRedrawnInPlaceOnATerminalAlone) {
  for (const int trial : {0, 1}) {
    const auto attempt = results_.start(trial, "");
    results_.end_epoch(attempt, 1, 10);
    results_.finish(attempt);
  }
  const std::string line = "script -qec \"$GLIMPSE status -w\" /dev/null";
  glimpse_.set("TERM", "xterm");
  EXPECT_NE(glimpse_.shell(line).out.find("\x1b[2J\x1b[H"), std::string::npos);
  glimpse_.set("TERM", "dumb");
  EXPECT_EQ(glimpse_.shell(line).out.find('\x1b'), std::string::npos);
  glimpse_.set("TERM", "xterm");
  EXPECT_EQ(glimpse_.run({"status", "-w"}).out.find('\x1b'), std::string::npos);
}

TEST_F(Status, TakesTheStudyBehindW) {
  const RunResult wrong = glimpse_.run({"status", "-w", "smal"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("did you mean \"small\"?"), std::string::npos) << wrong.err;
  EXPECT_EQ(glimpse_.run({"status", "small", "-w", "soon"}).status, 2);
  EXPECT_EQ(glimpse_.run({"status", "-w", "0"}).status, 2);
  EXPECT_EQ(glimpse_.run({"status", "-w", "nan"}).status, 2);
}

// A writer in the middle of a transaction neither stops a reader nor is stopped by one.
TEST_F(Status, IsReadBesideAWriter) {
  storage::Database& writer = results_.store().database();
  writer.execute("BEGIN IMMEDIATE");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(glimpse_.run({"status"}).status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  writer.execute("COMMIT");
}

TEST(StatusOfNothing, WaitsForARunThatIsStillAtItsDatasets) {
  const GlimpseRunner glimpse;
  std::filesystem::create_directories(glimpse.results());
  auto lock = storage::FileLock::try_acquire(glimpse.results() / "glimpse.lock");
  ASSERT_TRUE(lock.has_value());
  ChildProcess watcher(GlimpseRunner::command(
      {"status", "--results", glimpse.results().string(), "-w", "0.1", "--format", "csv"}));
  { const ControlResults results(glimpse.results(), 1); }
  EXPECT_NE(watcher.read_line().find("pending"), std::string::npos);
  EXPECT_EQ(watcher.read_line(), "small,1,1,0,0,0,0,0\r");
}

}  // namespace
}  // namespace glimpse::tests
