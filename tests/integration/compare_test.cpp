// `glimpse compare` on results of real runs: studies, runs, the page, and what it refuses.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

// Two epochs, around 1.5 for x = 1 and around 2.5 for x = 2, with the same noise for a seed.
constexpr const char* kTrainer = R"sh(
value=$((100 * $1 + 50 + GLIMPSE_SEED * 7 % 5 + $2 * GLIMPSE_SEED % 3))
for epoch in 1 2; do
  value=$((value - epoch))
  printf '{"epoch": %d, "metrics": {"loss": %d.%02d}}\n' $epoch $((value / 100)) $((value % 100)) >&"$GLIMPSE_FD"
done
)sh";

class Compare : public CommandSweep {
 protected:
  Compare() { write_file("train.sh", kTrainer); }

  // Runs a study with these values of x and these seeds.
  void run_study(const std::string& name,
                 const std::string& values,
                 const std::string& seeds) const {
    write_file(name + ".json",
               R"({"name": ")" + name + R"(", "kind": "command",
      "command": ["bash", "train.sh", "{x}", "{y}"], "metric": {"name": "loss"},
      "parameters": {"x": {"values": [)" +
                   values + R"(]}, "y": {"value": 1}}, "seeds": )" + seeds + R"(,
      "table": {"metric": "loss", "rows": "x"}})");
    const RunResult result = runner_.run({"run", "./" + name + ".json"});
    ASSERT_EQ(result.status, 0) << result.err;
  }
  [[nodiscard]] std::string run_id(int x) const {
    return query("select run_id from v_trials where parameters->>'x' = " + std::to_string(x) +
                 " order by seed limit 1")
        .substr(0, 32);
  }
};

TEST_F(Compare, TestsWhatStudiesHaveInCommon) {
  run_study("one", "1, 2", "3");
  run_study("two", "1", "[4, 5, 6]");
  const RunResult csv = runner_.run({"compare", "one", "two", "--format", "csv"});
  EXPECT_EQ(csv.status, 0) << csv.err;
  EXPECT_TRUE(csv.out.starts_with("cell,study,minus,answer,difference,low,high,test,n,p,p_holm"))
      << csv.out;
  EXPECT_NE(csv.out.find("1,two,one,no difference found,"), std::string::npos) << csv.out;
  EXPECT_NE(csv.out.find(",Welch t,3,"), std::string::npos) << csv.out;
  EXPECT_EQ(csv.out.find("2,two"), std::string::npos) << "only one of them has x = 2";
  EXPECT_NE(csv.err.find("0 of 1 comparison finds a difference"), std::string::npos) << csv.err;
  const RunResult text = runner_.run({"compare", "one", "two"});
  EXPECT_NE(text.out.find("Settings that differ"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("1, 2"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("Curves of loss"), std::string::npos) << text.out;
}

TEST_F(Compare, PutsRunsSideBySide) {
  run_study("one", "1, 2", "1");
  const RunResult result = runner_.run({"compare", run_id(1).substr(0, 12), run_id(2), "--json"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find(R"("metric": "loss")"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find(R"("setting": "x")"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find(R"("setting": "y")"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("no spread"), std::string::npos) << result.err;
}

TEST_F(Compare, WritesAPage) {
  run_study("one", "1", "3");
  run_study("two", "1", "[4, 5, 6]");
  const RunResult result = runner_.run({"compare", "one", "two", "-o", "both.html"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "both.html\n");
  EXPECT_GT(std::filesystem::file_size(runner_.folder() / "both.html"), 10'000U);
  EXPECT_EQ(runner_.run({"compare", "one", "two", "-o", "both.txt"}).status, 2);
  EXPECT_NE(runner_.run({"compare", "one", "two", "-o", "nowhere/both.html"}).status, 0);
}

TEST_F(Compare, RefusesWhatCannotStandSideBySide) {
  run_study("one", "1", "1");
  EXPECT_EQ(runner_.run({"compare", "one"}).status, 2);
  EXPECT_EQ(runner_.run({"compare", "one", "ffffff"}).status, 2);
  const RunResult mixed = runner_.run({"compare", "one", run_id(1)});
  EXPECT_EQ(mixed.status, 2);
  EXPECT_NE(mixed.err.find("give runs alone, or studies alone"), std::string::npos) << mixed.err;
  const RunResult unknown = runner_.run({"compare", "one", "onf"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("one"), std::string::npos) << unknown.err;
  const RunResult metrics = runner_.run({"compare", "one", "table1"});
  EXPECT_EQ(metrics.status, 2);
  EXPECT_NE(metrics.err.find("of one metric"), std::string::npos) << metrics.err;
}

TEST_F(Compare, SaysWhatIsIncompleteOfStudiesThatHaveNotRun) {
  const RunResult result = runner_.run({"compare", "aa-left", "aa-right", "--format", "csv"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("conv,aa-right,aa-left,incomplete"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace glimpse::tests
