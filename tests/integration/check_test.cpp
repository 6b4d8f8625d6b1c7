// `glimpse check` on results of real runs: its words, its exit codes, and what it runs itself.

#include <string>

#include <gtest/gtest.h>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

// One value per seed, around 1.5 for x = 1 and around 2.5 for x = 2; a file named "wide" spreads
// them.
constexpr const char* kTrainer = R"sh(
[ -e "$2/fail" ] && exit 1
digits=(0 2 -2 1 -1 0 1 -1 0 2)
jitter=${digits[$((GLIMPSE_SEED % 10))]}
[ -e "$2/wide" ] && jitter=$((jitter * 10))
value=$((50 + 100 * $1 + jitter))
printf '{"epoch": 1, "metrics": {"loss": %d.%02d}}\n' $((value / 100)) $((value % 100)) >&"$GLIMPSE_FD"
)sh";

class Check : public CommandSweep {
 protected:
  Check() { write_file("train.sh", kTrainer); }

  // `published` figures of x = 1 and x = 2.
  void write_table(const std::string& first, const std::string& second, int seeds = 5) const {
    write_study(R"({"name": "own", "kind": "command",
      "command": ["bash", "train.sh", "{x}", ")" +
                runner_.folder().string() + R"("], "metric": {"name": "loss"},
      "parameters": {"x": {"values": [2, 1]}}, "retry": {"max": 0}, "seeds": )" +
                std::to_string(seeds) + R"(,
      "table": {"metric": "loss", "rows": "x", "published": [{"x": 1, "value": )" +
                first + R"(}, {"x": 2, "value": )" + second + R"(}],
      "claims": [{"below": [{"x": 1}, {"x": 2}]}]}})");
  }
  [[nodiscard]] RunResult check(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"check", "./study.json"};
    words.insert(words.end(), more.begin(), more.end());
    return runner_.run(words);
  }
};

TEST_F(Check, SaysThatNothingHasRun) {
  write_table("1.5", "2.5");
  const RunResult result = check();
  EXPECT_EQ(result.status, 5) << result.err;
  EXPECT_NE(result.err.find("own: 2 missing"), std::string::npos) << result.err;
}

TEST_F(Check, TellsWhatIsReproducedFromWhatIsWorse) {
  write_table("1.5", "2.5");
  ASSERT_EQ(run().status, 0);
  const RunResult reproduced = check({"--format", "csv"});
  EXPECT_EQ(reproduced.status, 0) << reproduced.err;
  EXPECT_NE(reproduced.out.find("1,5,1.5,"), std::string::npos) << reproduced.out;
  EXPECT_NE(reproduced.err.find("2 reproduced"), std::string::npos) << reproduced.err;
  const RunResult json = check({"--json"});
  EXPECT_NE(json.out.find(R"("answer": "holds")"), std::string::npos) << json.out;

  write_table("0.5", "2.5");
  const RunResult worse = check();
  EXPECT_EQ(worse.status, 4) << worse.err;
  EXPECT_NE(worse.err.find("1 worse, 1 reproduced"), std::string::npos) << worse.err;

  write_table("3.5", "2.5");
  EXPECT_EQ(check().status, 0);  // better
}

TEST_F(Check, CallsACellWithAFailedSeedIncomplete) {
  write_table("1.5", "2.5", 2);  // five failures alike would end the study
  write_file("fail", "");
  ASSERT_EQ(run().status, 3);
  const RunResult result = check();
  EXPECT_EQ(result.status, 5) << result.err;
  EXPECT_NE(result.err.find("2 incomplete"), std::string::npos) << result.err;
  // What failed is not tried again, so there is nothing to wait for.
  EXPECT_EQ(check({"--run-missing"}).status, 5);
}

TEST_F(Check, RunsUntilEveryCellIsDecided) {
  write_table("1.5", "2.5", 2);
  const RunResult result = check({"--run-missing"});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_NE(result.err.find("2 reproduced"), std::string::npos) << result.err;
  EXPECT_GT(std::stoi(query("select count(*) from v_trials where state = 'done'")), 4);
  EXPECT_EQ(runner_.run({"check", "own"}).status, 0) << "the results know of the further seeds";
}

TEST_F(Check, StopsWhenItsBudgetIsSpent) {
  write_table("1.5", "2.5", 2);
  EXPECT_EQ(check({"--run-missing", "--budget", "0s"}).status, 2);
  EXPECT_EQ(check({"--budget", "1h"}).status, 2);
  write_file("wide", "");
  const RunResult result = check({"--run-missing", "--budget", "1s"});
  EXPECT_NE(result.status, 0) << result.out << result.err;
}

}  // namespace
}  // namespace glimpse::tests
