#include "launcher/run/attempt_log.h"

#include <gtest/gtest.h>

#include "storage/files/file_io.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

class AttemptLogTest : public testing::Test {
 protected:
  [[nodiscard]] std::string text() const { return storage::load_text(path_, 1 << 20); }

  tests::TempDir dir_;
  std::filesystem::path path_ = dir_ / "worker.log";
};

TEST_F(AttemptLogTest, KeepsWhatIsPrintedAsItCame) {
  AttemptLog log(path_);
  EXPECT_FALSE(std::filesystem::exists(path_));
  log.add("one\ntw");
  log.add("o\nthree");
  log.close();
  EXPECT_EQ(text(), "one\ntwo\nthree");
  EXPECT_EQ(log.last_lines(), (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(AttemptLogTest, CutsAFloodAndKeepsItsEnd) {
  AttemptLog log(path_, 100);
  for (int i = 0; i < 1000; ++i) {
    log.add("line " + std::to_string(i) + "\n");
  }
  log.close();
  EXPECT_LT(text().size(), 1000U);
  EXPECT_NE(text().find("more bytes were printed"), std::string::npos);
  EXPECT_TRUE(text().ends_with("line 999\n")) << text();
  EXPECT_EQ(log.last_lines().size(), AttemptLog::kLastLines);
}

TEST_F(AttemptLogTest, HoldsLittleOfALineWithoutEnd) {
  AttemptLog log(path_, 100);
  for (int i = 0; i < 1000; ++i) {
    log.add(std::string(1000, 'x'));
  }
  ASSERT_EQ(log.last_lines().size(), 1U);
  EXPECT_EQ(log.last_lines()[0].size(), AttemptLog::kMostLineBytes);
}

TEST_F(AttemptLogTest, GoesOnWhereNothingCanBeWritten) {
  AttemptLog log(dir_ / "no" / "such" / "folder");
  log.add("word\n");
  log.close();
  EXPECT_EQ(log.last_lines(), std::vector<std::string>{"word"});
}

}  // namespace
}  // namespace glimpse::launcher
