// The studies of docs/examples as they stand: from nothing to their cells, and to the same cells
// when they are killed or stopped on the way.

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string name;
  int epochs = 0;  // of all its trials
};

class Examples : public CommandSweep, public testing::WithParamInterface<Example> {
 protected:
  Examples() {
    const fs::path examples = fs::path("docs") / "examples";
    fs::create_directories(runner_.folder() / "docs");
    fs::copy(GLIMPSE_SOURCE_DIR / examples, runner_.folder() / examples);
  }

  [[nodiscard]] static std::vector<std::string> words() {
    return {"run", "docs/examples/" + GetParam().name + ".json", "--slots", "2"};
  }
  [[nodiscard]] int count_epochs() const {
    return std::stoi(query("select count(*) from v_metrics"));
  }
};

TEST_P(Examples, GiveTheSameCellsWhateverStopsThem) {
  const RunResult first = runner_.run(words());
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(count_epochs(), GetParam().epochs);
  const std::string undisturbed = table();
  for (const int signal : {SIGTERM, SIGKILL}) {
    fs::remove_all(runner_.results());
    const pid_t stopped = runner_.start(words());
    ASSERT_TRUE(wait_for_at_least("select count(*) from v_metrics", 3));
    kill(stopped, signal);
    EXPECT_EQ(wait_for(stopped), signal == SIGKILL ? 128 + SIGKILL : 75);
    EXPECT_TRUE(ends_soon()) << "signal " << signal << " left something running";
    EXPECT_LT(count_epochs(), GetParam().epochs) << "nothing was interrupted";

    const RunResult second = runner_.run(words());
    EXPECT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(table(), undisturbed) << "after signal " << signal;
    EXPECT_EQ(query("select count(*) from v_events where kind = 'nondeterminism'"), "0\r\n");
    EXPECT_EQ(query("select count(*) from v_attempts where state = 'failed'"), "0\r\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Of,
                         Examples,
                         testing::Values(Example{"gang", 20},
                                         Example{"halving", 40},
                                         Example{"line", 240}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace glimpse::tests
