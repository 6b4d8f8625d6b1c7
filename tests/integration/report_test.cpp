// `glimpse report` on results of real runs: its formats, and whether one made earlier still stands.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/command_sweep.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainer = R"sh(
for e in 1 2 3; do
  echo "{\"epoch\": $e, \"metrics\": {\"loss\": $((30 / e + $1 + GLIMPSE_SEED))}}" >&"$GLIMPSE_FD"
done
[ "$1$GLIMPSE_SEED" = 22 ] && { echo 'the last words' >&2; exit 1; }
exit 0
)sh";
constexpr const char* kStudy = R"({
  "name": "own", "kind": "command", "command": ["bash", "train.sh", "{x}"], "retry": {"max": 0},
  "metric": {"name": "loss"}, "parameters": {"x": {"values": [2, 1]}}, "seeds": 3,
  "table": {"metric": "loss", "rows": "x"}
})";

class Report : public CommandSweep {
 protected:
  Report() {
    write_file("train.sh", kTrainer);
    write_study(kStudy);
  }
  [[nodiscard]] RunResult report(std::vector<std::string> more) const {
    more.insert(more.begin(), {"report", "./study.json"});
    return runner_.run(more);
  }
  [[nodiscard]] std::string text_of(const fs::path& file) const {
    std::ostringstream text;
    text << std::ifstream(runner_.folder() / file).rdbuf();
    return std::move(text).str();
  }
};

TEST_F(Report, IsAPageInTheResultsFolder) {
  ASSERT_EQ(run().status, 3);
  const RunResult result = report({});
  ASSERT_EQ(result.status, 0) << result.err;
  const fs::path page = runner_.results() / "reports/own.html";
  EXPECT_EQ(result.out.substr(result.out.find("glimpse-results")),
            "glimpse-results/reports/own.html\n");
  const std::string html = text_of(page);
  EXPECT_NE(html.find("<h1><bdi>own</bdi></h1>"), std::string::npos);
  EXPECT_NE(html.find("the last words"), std::string::npos) << "what a trial failed of";
  EXPECT_NE(html.find("class=\"mean\" d=\"M"), std::string::npos) << "its curves";
  EXPECT_EQ(html.find("src=\"http"), std::string::npos) << "it asks nobody for anything";
}

TEST_F(Report, ComesInTheFormatOfItsFile) {
  ASSERT_EQ(run().status, 3);
  for (const char* const name : {"t.html", "t.md", "t.tex", "t.csv", "t.json", "t.txt"}) {
    EXPECT_EQ(report({"-o", name}).status, 0) << name;
    EXPECT_NE(text_of(name).find("incomplete"), std::string::npos) << name;
  }
  EXPECT_EQ(text_of("t.txt"), report({"--format", "text"}).out);
  const RunResult unknown = report({"-o", "t.doc"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("--format"), std::string::npos) << unknown.err;
  EXPECT_EQ(report({"-o", "nowhere/t.md"}).status, 73);
}

TEST_F(Report, KnowsWhetherOneMadeEarlierStillStands) {
  ASSERT_EQ(report({"-o", "t.html"}).status, 0) << "of a study that has not run";
  EXPECT_EQ(report({"--check", "t.html"}).status, 0);
  ASSERT_EQ(run().status, 3);
  const RunResult moved = report({"--check", "t.html"});
  EXPECT_EQ(moved.status, 4) << moved.err;
  EXPECT_NE(moved.err.find("have moved"), std::string::npos) << moved.err;
  for (const char* const name : {"t.html", "t.tex"}) {
    ASSERT_EQ(report({"-o", name}).status, 0);
    EXPECT_EQ(report({"--check", name}).status, 0) << name << ": the same bytes again";
  }
  EXPECT_EQ(report({"--check", "missing.md"}).status, 66);
}

}  // namespace
}  // namespace glimpse::tests
