// `glimpse logs` while attempts come and go.

#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/control_results.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/support/child_process.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

class Logs : public testing::Test {
 protected:
  Logs() : results_(glimpse_.results(), 2) {}

  [[nodiscard]] RunResult logs(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"logs"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return glimpse_.run(arguments);
  }
  void print(int attempt, const std::string& text) const {
    std::ofstream(results_.attempt_folder(0, attempt) / "worker.log", std::ios::app) << text;
  }

  GlimpseRunner glimpse_;
  ControlResults results_;
};

TEST_F(Logs, PrintTheNewestAttempt) {
  results_.stop(results_.start(0, "one\n"));
  results_.start(0, "two\n\x1b[31mred\n");
  const RunResult newest = logs({"a"});
  EXPECT_EQ(newest.status, 0) << newest.err;
  EXPECT_EQ(newest.out, "two\n\x1b[31mred\n") << "a file or pipe gets what was printed";
  EXPECT_EQ(logs({"a", "--attempt", "1"}).out, "one\n");
  const RunResult wrong = logs({"a", "--attempt", "3"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("the newest is 2"), std::string::npos) << wrong.err;
}

TEST_F(Logs, BeginWithTheLastLines) {
  std::string text;
  for (int i = 0; i < 30000; ++i) {
    text += "line " + std::to_string(i) + "\n";
  }
  results_.start(0, text + "open end");
  EXPECT_EQ(logs({"a", "-n", "1"}).out, "open end");
  EXPECT_EQ(logs({"a", "-n", "3"}).out, "line 29998\nline 29999\nopen end");
  EXPECT_EQ(logs({"a", "-n", "0"}).out, "");
  EXPECT_EQ(logs({"a", "-n", "20000"}).out, text.substr(text.find("line 10001\n")) + "open end");
  EXPECT_EQ(logs({"a", "-n", "99999"}).out, text + "open end");
  EXPECT_EQ(logs({"a"}).out, text + "open end");
}

TEST_F(Logs, NeverCommandATerminal) {
  results_.start(0, "one\ttwo\n\x1b]0;title\x07\x1b[2J\xff \xc3\xa4\nend");
  const RunResult shown = glimpse_.shell("script -qec \"$GLIMPSE logs a\" /dev/null");
  EXPECT_NE(shown.out.find("one\ttwo\r\n\\x1b]0;title"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find(" \xc3\xa4\r\nend"), std::string::npos) << shown.out;
  EXPECT_EQ(shown.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(shown.out.find('\x07'), std::string::npos);
}

TEST_F(Logs, SayWhereThereIsNone) {
  const RunResult none = logs({"a"});
  EXPECT_EQ(none.status, 2);
  EXPECT_NE(none.err.find("not been started"), std::string::npos) << none.err;
  EXPECT_EQ(logs({"f"}).status, 2);
  results_.start(0, "");
  fs::remove(results_.attempt_folder(0, 1) / "worker.log");
  const RunResult gone = logs({"a"});
  EXPECT_EQ(gone.status, 0);
  EXPECT_NE(gone.err.find("has no log"), std::string::npos) << gone.err;
}

TEST_F(Logs, FollowARunToItsEndThroughItsAttempts) {
  ChildProcess follower(
      GlimpseRunner::command({"logs", "a", "-f", "-q", "--results", glimpse_.results().string()}));
  const auto first = results_.start(0, "");
  print(1, "one\n");
  EXPECT_EQ(follower.read_line(), "one");
  print(1, "tw");
  print(1, "o\n");
  EXPECT_EQ(follower.read_line(), "two");
  print(1, "last of the first\n");
  results_.stop(first);
  const auto second = results_.start(0, "");
  print(2, "three\n");
  EXPECT_EQ(follower.read_line(), "last of the first");
  EXPECT_EQ(follower.read_line(), "three");
  print(2, "four\n");
  results_.end_epoch(second, 1, 10);
  results_.finish(second);
  EXPECT_EQ(follower.read_line(), "four");
  EXPECT_EQ(follower.wait().exit_code, 0);
}

TEST_F(Logs, FollowOneAttemptToItsEnd) {
  const auto first = results_.start(0, "one\n");
  ChildProcess follower(GlimpseRunner::command(
      {"logs", "a", "-f", "--attempt", "1", "--results", glimpse_.results().string()}));
  EXPECT_EQ(follower.read_line(), "one");
  results_.stop(first);
  results_.start(0, "two\n");
  EXPECT_EQ(follower.read_to_end(), "");
  EXPECT_EQ(follower.wait().exit_code, 0);
}

TEST_F(Logs, AreEndedByCtrlC) {
  results_.start(0, "one\n");
  ChildProcess follower(
      GlimpseRunner::command({"logs", "a", "-f", "--results", glimpse_.results().string()}));
  EXPECT_EQ(follower.read_line(), "one");
  follower.send_signal(SIGINT);
  EXPECT_EQ(follower.wait().signal, SIGINT);
}

}  // namespace
}  // namespace glimpse::tests
