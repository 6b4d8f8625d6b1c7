// Merges that are cut off in the middle, and the merge after them.

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"
#include "tests/integration/shards.h"
#include "tests/support/io_fault.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

// The second shard's attempts started before and between those of the first, so that merging it
// moves 1 to 2 and 2 to 4.
void prepare_shards(const fs::path& folder) {
  make_shard(folder / "first", {2000, 4000});
  make_shard(folder / "second", {1000, 3000});
  const ChildResult result = run_with_fault(
      GlimpseRunner::command(
          {"merge", (folder / "first").string(), "--results", (folder / "all").string()}),
      {.folder = folder, .at = 0, .action = "count"});
  ASSERT_EQ(result.exit_code, 0) << result.output;
}

std::vector<std::string> merge_second(const fs::path& folder) {
  return GlimpseRunner::command(
      {"merge", (folder / "second").string(), "--results", (folder / "all").string()});
}

void expect_whole_after_another_merge(const fs::path& folder) {
  const GlimpseRunner glimpse;
  const std::string results = (folder / "all").string();
  const RunResult again =
      glimpse.run({"merge", (folder / "second").string(), "--results", results});
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(wrong_folders(results), "");
  const RunResult verified = glimpse.run({"verify", "--results", results});
  EXPECT_EQ(verified.status, 0) << verified.out;
}

TEST(MergeFault, AKilledMergeIsFinishedByTheNext) {
  const std::uint64_t kills =
      fail_every_operation({.action = "kill",
                            .operations = "rename,create",
                            .prepare = prepare_shards,
                            .command = merge_second,
                            .judge = [](const fs::path& folder, const ChildResult& result) {
                              ASSERT_EQ(result.signal, SIGKILL) << result.output;
                              expect_whole_after_another_merge(folder);
                            }});
  EXPECT_GT(kills, 15U);
}

constexpr std::uint64_t kNfs = 0x6969;

void expect_whole_after_another_merge_on_nfs(const fs::path& folder) {
  EXPECT_FALSE(fs::exists(folder / "all/glimpse.db-wal"));
  const ChildResult again = run_with_fault(
      merge_second(folder), {.folder = folder, .action = "count", .file_system = kNfs});
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_EQ(wrong_folders(folder / "all"), "");
}

// There the live database lies elsewhere, and only what was published is there for the next merge.
TEST(MergeFault, AKilledMergeOnANetworkFileSystemIsFinishedByTheNext) {
  const TempDir local;  // what killed merges leave there is no longer wanted
  ::setenv("TMPDIR", local.path().c_str(), 1);
  const std::uint64_t kills =
      fail_every_operation({.action = "kill",
                            .operations = "rename",
                            .file_system = kNfs,
                            .prepare = prepare_shards,
                            .command = merge_second,
                            .judge = [](const fs::path& folder, const ChildResult& result) {
                              EXPECT_EQ(result.signal, SIGKILL) << result.output;
                              expect_whole_after_another_merge_on_nfs(folder);
                            }});
  ::unsetenv("TMPDIR");
  EXPECT_GT(kills, 10U);
}

TEST(MergeFault, AMergeWhoseRenameFailsIsFinishedByTheNext) {
  const std::uint64_t failures =
      fail_every_operation({.action = "EIO",
                            .operations = "rename",
                            .prepare = prepare_shards,
                            .command = merge_second,
                            .judge = [](const fs::path& folder, const ChildResult& result) {
                              EXPECT_EQ(result.exit_code, 74) << result.output;
                              expect_whole_after_another_merge(folder);
                            }});
  EXPECT_GT(failures, 4U);
}

// Two attempts with two files each, and the folders they are in.
TEST(MergeFault, AMergeWhoseFilesDoNotReachTheDiskSaysSo) {
  const TempDir dir;
  make_shard(dir / "first", {2000, 4000});
  const std::vector<std::string> merge = GlimpseRunner::command(
      {"merge", (dir / "first").string(), "--results", (dir / "all").string()});
  std::uint64_t failures = 0;
  for (bool has_fired = true; has_fired; fs::remove_all(dir / "all")) {
    const ChildResult result = run_with_fault(
        merge,
        {.folder = dir / "all/runs", .at = failures + 1, .action = "EIO", .operations = "sync"});
    has_fired = result.has_fired;
    failures += has_fired ? 1 : 0;
    EXPECT_EQ(result.exit_code, has_fired ? 74 : 0) << result.output;
  }
  EXPECT_GE(failures, 12U);
}

TEST(MergeFault, AStrayFolderInTheWayIsNamedAndCanBeTakenOut) {
  const TempDir dir;
  prepare_shards(dir.path());
  const fs::path stray = dir.path() / "all/runs/ab" / shard_run_id() / "attempt-4";
  fs::create_directories(stray);
  save_bytes(stray / "journal.jsonl", "somebody's\n");
  const GlimpseRunner glimpse;
  const RunResult refused =
      glimpse.run({"merge", (dir / "second").string(), "--results", (dir / "all").string()});
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.err.find(stray.string()), std::string::npos) << refused.err;
  EXPECT_EQ(load_bytes(stray / "journal.jsonl"), "somebody's\n");
  fs::rename(stray, dir / "stray");
  expect_whole_after_another_merge(dir.path());
}

}  // namespace
}  // namespace glimpse::tests
