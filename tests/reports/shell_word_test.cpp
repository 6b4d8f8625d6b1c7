#include "reports/shell_word.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

TEST(ShellWord, IsQuotedOnlyWhereAShellWouldReadMore) {
  EXPECT_EQ(render_shell_word("model=rnn-spn"), "model=rnn-spn");
  EXPECT_EQ(render_shell_word("a b"), "'a b'");
  EXPECT_EQ(render_shell_word("$(rm -r x)"), "'$(rm -r x)'");
  EXPECT_EQ(render_shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(render_shell_word(""), "''");
}

}  // namespace
}  // namespace glimpse::reports
