#include "storage/files/file_lock.h"

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using tests::TempDir;

const LockOptions kBeating{.needs_heartbeat = true, .heartbeat_limit = milliseconds(300)};

TEST(FileLock, TellsWhoHoldsIt) {
  const TempDir dir;
  EXPECT_FALSE(find_lock_holder(dir / "glimpse.lock").has_value());
  const auto lock = FileLock::try_acquire(dir / "glimpse.lock");
  ASSERT_TRUE(lock.has_value());
  EXPECT_TRUE(lock->is_held());
  EXPECT_FALSE(lock->uses_heartbeat());
  const auto holder = find_lock_holder(dir / "glimpse.lock");
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->pid, ::getpid());
  EXPECT_EQ(holder->host, make_lock_holder().host);
  EXPECT_EQ(holder->started.size(), 20U);
}

// Locks of open file descriptions conflict within one process too, unlike older ones.
TEST(FileLock, IsGivenOnceAndThenGivenBack) {
  const TempDir dir;
  for (const LockOptions& options : {LockOptions{}, kBeating}) {
    auto lock = FileLock::try_acquire(dir / "lock", options);
    ASSERT_TRUE(lock.has_value());
    EXPECT_FALSE(FileLock::try_acquire(dir / "lock", options).has_value());
    lock.reset();
    EXPECT_FALSE(find_lock_holder(dir / "lock").has_value());
    EXPECT_TRUE(FileLock::try_acquire(dir / "lock", options).has_value());
  }
}

// One host's file system has locks, the other's view of the same folder has none.
TEST(FileLock, OfTheKernelIsNotTakenWhileAHeartbeatLives) {
  const TempDir dir;
  auto beating = FileLock::try_acquire(dir / "lock", kBeating);
  ASSERT_TRUE(beating.has_value());
  EXPECT_FALSE(FileLock::try_acquire(dir / "lock").has_value());
  EXPECT_TRUE(find_lock_holder(dir / "lock").has_value()) << "and the refused one took nothing";
  beating.reset();
  EXPECT_TRUE(FileLock::try_acquire(dir / "lock").has_value());
}

TEST(FileLock, MovesTwice) {
  const TempDir dir;
  auto first = FileLock::try_acquire(dir / "lock");
  FileLock second(std::move(first.value()));
  auto third = FileLock::try_acquire(dir / "other");
  *third = std::move(second);
  first.reset();
  EXPECT_FALSE(FileLock::try_acquire(dir / "lock").has_value());
}

TEST(FileLock, ReportsAFolderItCannotUse) {
  const TempDir dir;
  EXPECT_THROW(static_cast<void>(FileLock::try_acquire(dir / "absent/lock")), StorageError);
}

TEST(LockHolder, StaysUnknownWhenTheTextIsOdd) {
  for (const char* text : {"", "host", "host x y", "\xff\xff"}) {
    EXPECT_EQ(parse_lock_holder(text).host, "unknown") << text;
    EXPECT_EQ(parse_lock_holder(text).pid, 0) << text;
  }
  const LockHolder holder = parse_lock_holder("node1 42 2026-01-02T03:04:05Z\n");
  EXPECT_EQ(render_lock_holder(holder), "node1 42 2026-01-02T03:04:05Z\n");
}

TEST(Heartbeat, HoldsForLongerThanItsLimit) {
  const TempDir dir;
  const auto lock = FileLock::try_acquire(dir / "lock", kBeating);
  ASSERT_TRUE(lock.has_value());
  EXPECT_TRUE(lock->uses_heartbeat());
  std::this_thread::sleep_for(milliseconds(450));
  EXPECT_FALSE(FileLock::try_acquire(dir / "lock", kBeating).has_value());
  EXPECT_TRUE(lock->is_held());
  EXPECT_EQ(find_lock_holder(dir / "lock")->pid, ::getpid());
}

TEST(Heartbeat, IsTakenOverOnceItStops) {
  const TempDir dir;
  tests::save_bytes(dir / "lock.heartbeat", "node1 42 2026-01-02T03:04:05Z token\n");
  EXPECT_EQ(find_lock_holder(dir / "lock")->host, "node1");
  EXPECT_FALSE(FileLock::try_acquire(dir / "lock", kBeating).has_value());
  fs::last_write_time(dir / "lock.heartbeat", fs::file_time_type::clock::now() - milliseconds(400));
  EXPECT_FALSE(find_lock_holder(dir / "lock", kBeating.heartbeat_limit).has_value());
  EXPECT_TRUE(FileLock::try_acquire(dir / "lock", kBeating).has_value());
}

TEST(Heartbeat, NoticesThatItWasLost) {
  const TempDir dir;
  {
    const auto lock = FileLock::try_acquire(dir / "lock", kBeating);
    ASSERT_TRUE(lock.has_value());
    tests::save_bytes(dir / "lock.heartbeat", "node2 43 2026-01-02T03:04:05Z token\n");
    for (int i = 0; i < 100 && lock->is_held(); ++i) {
      std::this_thread::sleep_for(milliseconds(20));
    }
    EXPECT_FALSE(lock->is_held());
  }
  // The other one's file stays.
  EXPECT_TRUE(fs::exists(dir / "lock.heartbeat"));
}

TEST(Heartbeat, LeavesNoFilesOfItsOwn) {
  const TempDir dir;
  for (int i = 0; i < 2; ++i) {
    const auto lock = FileLock::try_acquire(dir / "lock", kBeating);
    EXPECT_FALSE(FileLock::try_acquire(dir / "lock", kBeating).has_value());
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace glimpse::storage
