#include "storage/files/server_clock.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

TEST(ServerClock, TellsTheTimeThatFilesGet) {
  const tests::TempDir folder;
  const fs::file_time_type before = server_time(folder.path());
  tests::save_bytes(folder / "file", "x");
  const fs::file_time_type after = server_time(folder.path());
  EXPECT_LE(before, fs::last_write_time(folder / "file"));
  EXPECT_GE(after, fs::last_write_time(folder / "file"));
}

TEST(ServerClock, LeavesNothingBehind) {
  const tests::TempDir folder;
  static_cast<void>(server_time(folder.path()));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ServerClock, FallsBackToThisHostsWhereNoFileCanBeMade) {
  const auto now = fs::file_time_type::clock::now();
  EXPECT_GE(server_time("/nowhere/at/all"), now);
}

TEST(ServerClock, GivesTokensThatDiffer) {
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) {
    tokens.insert(make_token());
  }
  EXPECT_EQ(tokens.size(), 1000U);
  EXPECT_EQ(tokens.begin()->size(), 16U);
}

}  // namespace
}  // namespace glimpse::storage
