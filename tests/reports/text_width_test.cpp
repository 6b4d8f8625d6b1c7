#include "reports/text_width.h"

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

TEST(DisplayWidth, CountsWideAsTwoAndCombiningAsNone) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("\xc3\xa4"), 1U);                  // a with diaeresis, composed
  EXPECT_EQ(display_width("a\xcc\x88"), 1U);                 // the same, decomposed
  EXPECT_EQ(display_width("\xe5\xad\xa6\xe7\xbf\x92"), 4U);  // two CJK characters
  EXPECT_EQ(display_width("\xf0\x9f\x98\x80"), 2U);          // an emoji
}

TEST(DisplayWidth, CountsBytesThatAreNoUtf8AsOneColumnEach) {
  EXPECT_EQ(display_width("\xff\xfe"), 2U);
  EXPECT_EQ(display_width("\xc3"), 1U);          // cut off
  EXPECT_EQ(display_width("\xc0\xaf"), 2U);      // overlong slash
  EXPECT_EQ(display_width("\xed\xa0\x80"), 3U);  // a surrogate
}

TEST(EscapeControls, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(escape_controls("a\x1b[31mb\n\t\r"), "a\\x1b[31mb\\n\\t\\r");
  EXPECT_EQ(escape_controls("\xc2\x9b"
                            "31m"),
            "\\x9b31m");  // C1 control sequence introducer
  EXPECT_EQ(escape_controls("\xe2\x80\xae"
                            "cod"),
            "\\u202ecod");  // right-to-left override
  EXPECT_EQ(escape_controls(std::string("\0\x7f", 2)), "\\x00\\x7f");
  EXPECT_EQ(escape_controls("\x9b"), "\\x9b");  // a stray byte that some terminals take for C1
}

TEST(EscapeControls, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(escape_controls("gr\xc3\xbc\xc3\x9f dich \xe5\xad\xa6"),
            "gr\xc3\xbc\xc3\x9f dich \xe5\xad\xa6");
}

TEST(CutToWidth, NeverSplitsACharacterAndMarksTheCut) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_width("abcdef", 4), "abc\xe2\x80\xa6");
  EXPECT_EQ(cut_to_width("\xe5\xad\xa6\xe7\xbf\x92", 3), "\xe5\xad\xa6\xe2\x80\xa6");
  EXPECT_EQ(cut_to_width("\xe5\xad\xa6\xe7\xbf\x92", 2), "\xe2\x80\xa6");
  EXPECT_EQ(cut_to_width("abc", 0), "");
}

TEST(WrapToWidth, BreaksAtBlanksOrWhereItMust) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrap_to_width("", 5), Lines{""});
  EXPECT_EQ(wrap_to_width("abc def", 7), Lines{"abc def"});
  EXPECT_EQ(wrap_to_width("abc def", 6), (Lines{"abc", "def"}));
  EXPECT_EQ(wrap_to_width("abc def", 3), (Lines{"abc", "def"}));
  EXPECT_EQ(wrap_to_width("abcdef gh", 4), (Lines{"abcd", "ef", "gh"}));
  EXPECT_EQ(wrap_to_width("\xe5\xad\xa6\xe7\xbf\x92", 3), (Lines{"\xe5\xad\xa6", "\xe7\xbf\x92"}));
  EXPECT_EQ(wrap_to_width("\xe5\xad\xa6", 1), Lines{"\xe5\xad\xa6"});
}

}  // namespace
}  // namespace glimpse::reports
