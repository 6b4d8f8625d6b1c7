#include "launcher/children/oom_watch.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

namespace fs = std::filesystem;

using tests::save_bytes;
using tests::TempDir;

std::string events(int kills) {
  return "low 0\nhigh 0\nmax 12\noom 3\noom_kill " + std::to_string(kills) + "\noom_group_kill 9\n";
}

// A machine whose kernel says this of us.
void make_machine(const TempDir& root, const std::string& cgroups) {
  fs::create_directories(root / "proc/self");
  fs::create_directories(root / "sys/fs/cgroup/job/step");
  fs::create_directories(root / "sys/fs/cgroup/memory/job");
  save_bytes(root / "proc/self/cgroup", cgroups);
}

TEST(OomKills, AreReadFromBothVersionsOfControlGroups) {
  EXPECT_EQ(parse_oom_kills(events(4)), 4U);
  EXPECT_EQ(parse_oom_kills("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"), 2U);
}

TEST(OomKills, AreUnknownWhereTheTextSaysNothing) {
  for (const char* const text : {"",
                                 "oom 3\n",
                                 "oom_kill",
                                 "oom_kill x\n",
                                 "oom_kill 3x\n",
                                 "oom_kill -1\n",
                                 "oom_kill 99999999999999999999\n"}) {
    EXPECT_EQ(parse_oom_kills(text), std::nullopt) << text;
  }
}

TEST(OomCountFiles, AreThoseOfOurGroupAndThenOfWhatIsVisible) {
  using Paths = std::vector<fs::path>;
  EXPECT_EQ(oom_count_files("0::/job/step\n"),
            (Paths{"sys/fs/cgroup/job/step/memory.events", "sys/fs/cgroup/memory.events"}));
  EXPECT_EQ(oom_count_files("9:cpu,cpuacct:/x\n4:memory:/job\n"),
            (Paths{"sys/fs/cgroup/memory/job/memory.oom_control",
                   "sys/fs/cgroup/memory/memory.oom_control"}));
  EXPECT_EQ(oom_count_files("nonsense\n:::\n1:memory:relative\n"), Paths{});
}

TEST(OomWatch, ExplainsAsManyKillsAsTheKernelCountsSinceItsStart) {
  const TempDir root;
  make_machine(root, "0::/job/step\n");
  save_bytes(root / "sys/fs/cgroup/job/step/memory.events", events(5));
  OomWatch watch(root.path());
  EXPECT_TRUE(watch.can_tell());
  EXPECT_FALSE(watch.take_kill());
  save_bytes(root / "sys/fs/cgroup/job/step/memory.events", events(7));
  EXPECT_TRUE(watch.take_kill());
  EXPECT_TRUE(watch.take_kill());
  EXPECT_FALSE(watch.take_kill());
}

TEST(OomWatch, LooksIntoTheVisibleRootWhereOurGroupIsOutsideOfIt) {
  const TempDir root;
  make_machine(root, "4:memory:/docker/abc\n0::/\n");
  save_bytes(root / "sys/fs/cgroup/memory/memory.oom_control", "oom_kill 0\n");
  OomWatch watch(root.path());
  save_bytes(root / "sys/fs/cgroup/memory/memory.oom_control", "oom_kill 1\n");
  EXPECT_TRUE(watch.take_kill());
}

TEST(OomWatch, ExplainsNothingWhereTheKernelDoesNotTell) {
  const TempDir root;
  OomWatch watch(root.path());
  EXPECT_FALSE(watch.can_tell());
  EXPECT_FALSE(watch.take_kill());
}

}  // namespace
}  // namespace glimpse::launcher
