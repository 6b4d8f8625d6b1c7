// `glimpse bench scheduler`, small: that it measures what it says, not how fast it is.

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

TEST(BenchScheduler, TellsARateForTrialsRowsAndProcesses) {
  const RunResult result = GlimpseRunner().run({"bench",
                                                "scheduler",
                                                "--trials",
                                                "20",
                                                "--rows",
                                                "2000",
                                                "--processes",
                                                "10",
                                                "--naps",
                                                "2",
                                                "--format",
                                                "csv"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("\r\ntrials,20,"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("\r\n\"trials, folders on disk\",20,"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("\r\nmetric rows,2000,"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("\r\nprocesses,10,"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace glimpse::tests
