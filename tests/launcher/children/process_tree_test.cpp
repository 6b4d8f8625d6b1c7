#include "launcher/children/process_tree.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/worker/forked.h"

namespace glimpse::launcher {
namespace {

TEST(ProcessRow, IsReadWhateverTheProcessCallsItself) {
  for (const char* const name : {"bash", "a b", ") R 9 (", "))", "\n) S 3", ""}) {
    const auto row = parse_process("12 (" + std::string(name) + ") S 7 12 12 0 -1 4194560 104");
    ASSERT_TRUE(row) << name;
    EXPECT_EQ(row->process, 12);
    EXPECT_EQ(row->parent, 7) << name;
  }
}

TEST(ProcessRow, IsNothingWhereTheTextIsNone) {
  for (const char* const text : {"", "12", "12 (x)", "12 (x) S", "12 (x) S ", "x (y) S 7", "() "}) {
    EXPECT_FALSE(parse_process(text)) << text;
  }
}

TEST(ProcessList, HoldsUsAndOurParent) {
  const std::vector<ProcessRow> rows = list_processes();
  const auto self = std::ranges::find(rows, ::getpid(), &ProcessRow::process);
  ASSERT_NE(self, rows.end());
  EXPECT_EQ(self->parent, ::getppid());
}

TEST(Descendants, AreFoundInAnyOrderAndDepth) {
  const std::vector<ProcessRow> rows{{5, 4}, {4, 2}, {2, 1}, {3, 1}, {6, 3}, {1, 0}};
  std::vector<pid_t> found = descendants_of(2, rows);
  std::ranges::sort(found);
  EXPECT_EQ(found, (std::vector<pid_t>{4, 5}));
  EXPECT_TRUE(descendants_of(5, rows).empty());
  EXPECT_TRUE(descendants_of(99, rows).empty());
}

TEST(Descendants, EndWhereRowsOfDifferentMomentsGoInACircle) {
  const std::vector<ProcessRow> rows{{2, 1}, {3, 2}, {2, 3}};
  EXPECT_EQ(descendants_of(1, rows).size(), 3U);
}

// Its members would be as many again by the time that a list of them is read, if they fork. The
// pipe ends when none is left.
TEST(EndWithGroups, EndsMembersThatNobodyListed) {
  tests::Pipe pipe;
  tests::Forked leader([&] {
    ::setsid();
    const tests::Forked first([] { ::pause(); });
    const tests::Forked second([] { ::pause(); });
    pipe.put("x");
    ::pause();
  });
  pipe.close_writing_end();
  char byte = 0;
  ASSERT_EQ(::read(pipe.reading_end(), &byte, 1), 1);
  end_with_groups(std::array{leader.pid()});
  EXPECT_EQ(pipe.read_to_end(), "");
  EXPECT_EQ(leader.wait(), 128 + SIGKILL);
}

// Without a session of its own a process may be in our group.
TEST(EndWithGroups, SparesOurOwn) {
  tests::Forked member([] { ::pause(); });
  end_with_groups(std::array{member.pid()});
  EXPECT_EQ(member.wait(), 128 + SIGKILL);
}

}  // namespace
}  // namespace glimpse::launcher
