#include "launcher/child_program.h"

#include <chrono>
#include <csignal>
#include <system_error>

#include <gtest/gtest.h>
#include <sys/time.h>

namespace glimpse::launcher {
namespace {

TEST(ChildProgram, GivesExitCodesAndSignals) {
  EXPECT_EQ(run_program({"sh", "-c", "exit 7"}).status, 7);
  EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}).status, 128 + SIGKILL);
}

TEST(ChildProgram, TakesArgumentsAsTheyAre) {
  const ChildResult result = capture_program({"printf", "%s|", "a b", "$HOME", "*"}, 10);
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "a b|$HOME|*|");
}

TEST(ChildProgram, KillsWhatTakesTooLong) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(capture_program({"sleep", "60"}, 0.1).status, 128 + SIGKILL);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(ChildProgram, KillsWhatClosesItsOutputAndLivesOn) {
  const auto start = std::chrono::steady_clock::now();
  const ChildResult result = capture_program({"sh", "-c", "echo x; exec sleep 60 >&-"}, 0.5);
  EXPECT_EQ(result.status, 128 + SIGKILL);
  EXPECT_EQ(result.output, "x\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(ChildProgram, WaitsOnWhenASignalComes) {
  struct sigaction noted {};
  noted.sa_handler = [](int) {};  // without SA_RESTART: calls are interrupted
  struct sigaction old {};
  sigaction(SIGALRM, &noted, &old);
  const itimerval often{.it_interval = {0, 20'000}, .it_value = {0, 20'000}};
  setitimer(ITIMER_REAL, &often, nullptr);
  const ChildResult result = capture_program({"sh", "-c", "sleep 0.3; echo done"}, 20);
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &old, nullptr);
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "done\n");
}

TEST(ChildProgram, KillsWhatNeverStopsTalking) {
  const ChildResult result = capture_program({"yes"}, 60);
  EXPECT_NE(result.status, 0);
  EXPECT_LT(result.output.size(), std::size_t{2} << 20);
}

TEST(ChildProgram, ThrowsForAProgramThatIsNotThere) {
  EXPECT_THROW(run_program({"/nonexistent/program"}), std::system_error);
}

TEST(FindProgram, LooksThroughThePathInItsOrder) {
  EXPECT_EQ(find_program("sh", "/nonexistent:/bin:/usr/bin"), "/bin/sh");
  EXPECT_EQ(find_program("sh", ""), std::nullopt);
  EXPECT_EQ(find_program("no-such-program", "/bin:/usr/bin"), std::nullopt);
  EXPECT_EQ(find_program("bin", "/usr"), std::nullopt);  // a folder is no program
}

}  // namespace
}  // namespace glimpse::launcher
