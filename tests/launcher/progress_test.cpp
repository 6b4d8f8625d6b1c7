#include "launcher/progress.h"

#include <gtest/gtest.h>

#include "reports/text_width.h"
#include "tests/launcher/fake_env.h"

namespace glimpse::launcher {
namespace {

TEST(Progress, WritesALineEvery30SecondsWithoutATerminal) {
  tests::FakeEnv fake;
  Progress progress(fake.env, "building x", "images", 100);
  for (int second = 1; second <= 60; ++second) {
    fake.now_s = second;
    progress.advance(1);
  }
  EXPECT_EQ(fake.err.str(),
            "glimpse: building x: 30 %, 30 of 100 images, 1 min left\n"
            "glimpse: building x: 60 %, 60 of 100 images, 40 s left\n");
}

TEST(Progress, RedrawsABarOnATerminalAndCleansUp) {
  tests::FakeEnv fake;
  fake.env.terminal.err_is_terminal = true;
  {
    Progress progress(fake.env, "x", "images", 4);
    fake.now_s = 0.05;
    progress.advance(1);  // too soon
    EXPECT_EQ(fake.err.str(), "");
    fake.now_s = 1;
    progress.advance(1);
  }
  const std::string text = fake.err.str();
  EXPECT_EQ(text.rfind("\rx: [############............] 50 %, 2 of 4 images, 1 s left", 0), 0U)
      << text;
  EXPECT_EQ(text.back(), '\r');
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST(Progress, KeepsTheBarOnOneLineOfTheScreen) {
  tests::FakeEnv fake;
  fake.env.terminal.err_is_terminal = true;
  fake.env.terminal.err_width = 80;
  Progress progress(fake.env, "building " + std::string(60, 'x'), "images", 80000);
  fake.now_s = 1;
  progress.advance(20000);
  const std::string line = fake.err.str().substr(1);
  EXPECT_EQ(reports::display_width(line), 79U) << line;
  EXPECT_EQ(line.rfind("building xxx", 0), 0U) << line;
  EXPECT_NE(line.find("25 %, 20000 of 80000 images, 3 s left"), std::string::npos) << line;
}

TEST(Progress, DrawsNoBarOnADumbTerminal) {
  tests::FakeEnv fake;
  fake.env.terminal.err_is_terminal = true;
  fake.environment.term = "dumb";
  Progress progress(fake.env, "x", "images", 4);
  fake.now_s = 1;
  progress.advance(1);
  EXPECT_EQ(fake.err.str(), "");
}

}  // namespace
}  // namespace glimpse::launcher
