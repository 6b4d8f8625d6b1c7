#include "launcher/interruption.h"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

namespace glimpse::launcher {
namespace {

TEST(Interruption, IsToldWhereTheWorkAsks) {
  for (const int number : {SIGINT, SIGTERM}) {
    const Interruption interruption;
    EXPECT_NO_THROW(interruption.check());
    raise(number);
    EXPECT_THROW(interruption.check(), Interrupted);
    EXPECT_NO_THROW(interruption.check()) << "it is told once";
  }
}

TEST(Interruption, LeavesIgnoredSignalsIgnored) {
  const auto before = signal(SIGINT, SIG_IGN);
  {
    const Interruption interruption;
    raise(SIGINT);
    EXPECT_NO_THROW(interruption.check());
  }
  signal(SIGINT, before);
}

TEST(InterruptionDeathTest, LetsWhatNobodyAskedForActAtItsEnd) {
  const auto end_without_asking = [] {
    {
      const Interruption interruption;
      raise(SIGTERM);
    }
    std::exit(0);
  };
  EXPECT_EXIT(end_without_asking(), testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace glimpse::launcher
