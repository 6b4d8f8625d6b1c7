#include "launcher/detached.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

int wait_for_end(int pid) {
  std::optional<int> ended;
  while (!(ended = try_end_of_child(pid))) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return *ended;
}

TEST(Detached, HasASessionOfItsOwnAndNothingOfOurs) {
  const tests::TempDir dir;
  const int open = ::open("/dev/null", O_RDONLY);  // not marked to be closed
  sigset_t held{};
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigset_t before{};
  pthread_sigmask(SIG_BLOCK, &held, &before);
  const int pid = start_detached(
      {"/bin/bash",
       "-c",
       "ps -o sid= -p $$; readlink /proc/$$/fd/0; readlink /proc/$$/fd/{3..99}; echo none;"
       "grep SigBlk /proc/self/status; echo to stderr >&2; exit 3"},
      dir / "log");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(wait_for_end(pid), 3);
  ::close(open);
  std::istringstream lines(tests::load_bytes(dir / "log"));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(std::stoi(line), pid) << "leads its session";
  std::getline(lines, line);
  EXPECT_EQ(line, "/dev/null");
  std::getline(lines, line);
  EXPECT_EQ(line, "none");
  std::getline(lines, line);
  EXPECT_EQ(line, "SigBlk:\t0000000000000000");
  std::getline(lines, line);
  EXPECT_EQ(line, "to stderr");
}

TEST(Detached, AppendsToItsLog) {
  const tests::TempDir dir;
  tests::save_bytes(dir / "log", "before\n");
  EXPECT_EQ(wait_for_end(start_detached({"/bin/echo", "after"}, dir / "log")), 0);
  EXPECT_EQ(tests::load_bytes(dir / "log"), "before\nafter\n");
}

TEST(Detached, TellsTheSignalThatEndedIt) {
  const tests::TempDir dir;
  const int pid = start_detached({"/bin/sleep", "60"}, dir / "log");
  EXPECT_FALSE(try_end_of_child(pid).has_value());
  ::kill(pid, SIGKILL);
  EXPECT_EQ(wait_for_end(pid), 128 + SIGKILL);
  EXPECT_THROW(static_cast<void>(try_end_of_child(pid)), std::system_error);
}

TEST(Detached, CannotBeWhatIsNotThere) {
  const tests::TempDir dir;
  EXPECT_THROW(static_cast<void>(start_detached({"/no/such/program"}, dir / "log")),
               std::system_error);
  EXPECT_THROW(static_cast<void>(start_detached({"/bin/true"}, dir / "no/such/log")),
               std::system_error);
}

}  // namespace
}  // namespace glimpse::launcher
