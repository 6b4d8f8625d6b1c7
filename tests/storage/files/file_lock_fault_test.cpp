#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "storage/files/file_lock.h"
#include "tests/storage/files/fault_children.h"
#include "tests/support/child.h"
#include "tests/support/child_process.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using storage::FileLock;

// Two processes that wait at the same line, then both try. Says what they answered.
std::string race(const std::string& kind, const fs::path& lock) {
  ChildProcess first(child_command({kind, lock.string()}));
  ChildProcess second(child_command({kind, lock.string()}));
  EXPECT_EQ(first.read_line() + second.read_line(), "readyready");
  first.write("go\n");
  second.write("go\n");
  return first.read_line() + " " + second.read_line();
}

TEST(FileLockRace, HasOneWinnerInFifty) {
  const TempDir dir;
  for (const std::string kind : {"lock", "heartbeat"}) {
    for (int i = 0; i < 50; ++i) {
      const std::string answers = race(kind, dir / (kind + std::to_string(i)));
      EXPECT_TRUE(answers == "won lost" || answers == "lost won") << answers;
    }
  }
}

// A heartbeat that has stopped is there for both to take over.
TEST(FileLockRace, HasOneWinnerOverAStoppedHeartbeat) {
  const TempDir dir;
  for (int i = 0; i < 50; ++i) {
    const fs::path lock = dir / std::to_string(i);
    save_bytes(lock.string() + ".heartbeat", "node1 42 2026-01-02T03:04:05Z token\n");
    fs::last_write_time(lock.string() + ".heartbeat",
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
    const std::string answers = race("heartbeat", lock);
    EXPECT_TRUE(answers == "won lost" || answers == "lost won") << answers;
  }
}

TEST(FileLockFault, IsFreeOnceItsHolderIsKilled) {
  const TempDir dir;
  ChildProcess child(child_command({"lock", (dir / "lock").string()}));
  EXPECT_EQ(child.read_line(), "ready");
  child.write("go\n");
  EXPECT_EQ(child.read_line(), "won");
  EXPECT_FALSE(FileLock::try_acquire(dir / "lock").has_value());
  EXPECT_EQ(storage::find_lock_holder(dir / "lock")->pid, child.pid());
  child.send_signal(SIGKILL);
  EXPECT_EQ(child.wait().signal, SIGKILL);
  EXPECT_FALSE(storage::find_lock_holder(dir / "lock").has_value());
  EXPECT_TRUE(FileLock::try_acquire(dir / "lock").has_value());
}

TEST(FileLockFault, BeatsWhereTheFileSystemHasNoLocks) {
  const TempDir dir;
  const ChildResult result = run_with_fault(
      child_command({"lock", (dir / "lock").string(), "now"}),
      {.folder = dir.path(), .at = 1, .action = "ENOLCK", .goes_on = true, .operations = "lock"});
  EXPECT_TRUE(result.has_fired);
  EXPECT_EQ(result.output, "won with a heartbeat\n");
}

}  // namespace

void acquire_lock(const std::string& kind, const std::string& path, bool waits) {
  std::string line;
  if (waits) {
    std::cout << "ready" << std::endl;
    std::getline(std::cin, line);
  }
  const auto lock = FileLock::try_acquire(path, {.needs_heartbeat = kind == "heartbeat"});
  std::cout << (lock ? "won" : "lost");
  std::cout << (!waits && lock && lock->uses_heartbeat() ? " with a heartbeat" : "") << std::endl;
  std::getline(std::cin, line);  // holds it until the parent lets go
}

}  // namespace glimpse::tests
