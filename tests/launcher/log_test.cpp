#include "launcher/log/log.h"

#include <sstream>

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

std::string say_all(Verbosity verbosity, bool has_colour) {
  std::ostringstream err;
  Log log(err, verbosity, has_colour);
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  return err.str();
}

TEST(Log, SaysWhatItsVerbosityAsksFor) {
  EXPECT_EQ(say_all(Verbosity::kQuiet, false), "glimpse: warning: c\nglimpse: error: d\n");
  EXPECT_EQ(say_all(Verbosity::kNormal, false),
            "glimpse: b\nglimpse: warning: c\nglimpse: error: d\n");
  EXPECT_EQ(say_all(Verbosity::kVerbose, false),
            "glimpse: a\nglimpse: b\nglimpse: warning: c\nglimpse: error: d\n");
}

TEST(Log, ColoursOnlyWhenAsked) {
  EXPECT_EQ(say_all(Verbosity::kNormal, false).find('\x1b'), std::string::npos);
  EXPECT_NE(say_all(Verbosity::kNormal, true).find("\x1b[31merror: \x1b[0md"), std::string::npos);
}

TEST(Log, ShowsControlCharactersInsteadOfSendingThem) {
  std::ostringstream err;
  Log(err, Verbosity::kNormal, true).info("x\x1b[2J\ny {} %v");
  EXPECT_EQ(err.str(), "glimpse: x\\x1b[2J\\ny {} %v\n");
}

}  // namespace
}  // namespace glimpse::launcher
