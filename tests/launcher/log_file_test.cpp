#include "launcher/log_file.h"

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

class Logged : public testing::Test {
 protected:
  [[nodiscard]] std::string last(const std::string& text, std::size_t lines) const {
    tests::save_bytes(dir_ / "log", text);
    return text.substr(LogFile(dir_ / "log").start_of_last(lines));
  }

  tests::TempDir dir_;
};

TEST_F(Logged, LinesAreFoundFromTheEnd) {
  EXPECT_EQ(last("a\nb\nc\n", 1), "c\n");
  EXPECT_EQ(last("a\nb\nc\n", 2), "b\nc\n");
  EXPECT_EQ(last("a\nb\nc\n", 3), "a\nb\nc\n");
  EXPECT_EQ(last("a\nb\nc\n", 4), "a\nb\nc\n");
  EXPECT_EQ(last("a\nb\nc", 1), "c");
  EXPECT_EQ(last("a\n\n\n", 2), "\n\n");
  EXPECT_EQ(last("a\nb\n", 0), "");
  EXPECT_EQ(last("", 5), "");
  EXPECT_EQ(last("\n", 1), "\n");
}

// Blocks are read from the end, and a line may begin at the first byte of one.
TEST_F(Logged, LinesAreFoundAcrossBlocks) {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  for (const std::size_t length : {kBlock - 2, kBlock - 1, kBlock, kBlock + 1, 3 * kBlock}) {
    const std::string line = std::string(length, 'x') + "\n";
    EXPECT_EQ(last("first\n" + line, 1), line) << length;
    EXPECT_EQ(last("zero\nfirst\n" + line, 2), "first\n" + line) << length;
  }
}

TEST_F(Logged, FilesAreReadFromAnyPlaceWhileTheyGrow) {
  tests::save_bytes(dir_ / "log", "abc");
  const LogFile log(dir_ / "log");
  EXPECT_EQ(log.read(1), "bc");
  EXPECT_EQ(log.read(3), "");
  EXPECT_EQ(log.read(100), "");
  tests::save_bytes(dir_ / "log", "abcdef");
  EXPECT_EQ(log.read(3), "def");
  EXPECT_EQ(log.size(), 6U);
}

TEST_F(Logged, FilesMustBeThere) {
  EXPECT_THROW(static_cast<void>(LogFile(dir_ / "nothing")), storage::StorageError);
  EXPECT_THROW(static_cast<void>(LogFile(dir_.path())), storage::StorageError);
}

}  // namespace
}  // namespace glimpse::launcher
