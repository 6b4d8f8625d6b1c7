// `glimpse export` as people run it. What is in the files is tested in tests/reports/export.

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "tests/integration/glimpse_runner.h"
#include "tests/reports/export/export_results.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

class Export : public testing::Test {
 protected:
  [[nodiscard]] RunResult run(const std::string& format,
                              const std::string& out,
                              const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"export", format, "--study", "sweep", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return glimpse_.run(arguments);
  }

  // Everything below the folder that the program worked in, but for the results.
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(glimpse_.folder())) {
      const fs::path path = entry.path().lexically_relative(glimpse_.folder());
      if (entry.is_regular_file() && *path.begin() != "glimpse-results") {
        files.insert(path.string());
      }
    }
    return files;
  }

  GlimpseRunner glimpse_;
};

class ExportOfSweep : public Export {
 protected:
  ExportOfSweep() { make_sweep(glimpse_.results()); }
};

TEST_F(ExportOfSweep, WritesEachFormatIntoItsFolder) {
  std::string told;
  for (const std::string format : {"tensorboard", "optuna", "csv", "hdf5"}) {
    const RunResult result = run(format, format);
    told += result.out + result.err;
  }
  EXPECT_EQ(told,
            "glimpse: wrote 8 runs of sweep to tensorboard\n"
            "glimpse: wrote 10 runs of sweep to optuna\n"
            "glimpse: wrote 10 runs of sweep to csv\n"
            "glimpse: wrote 2 runs of sweep to hdf5\n");
  const std::set<std::string> all = files();
  EXPECT_EQ(all.size(), 3U + 8U + 2U);
}

TEST_F(ExportOfSweep, TakesTheBestRunsAlone) {
  ASSERT_EQ(run("tensorboard", "tb", {"--top", "3"}).status, 0);
  EXPECT_EQ(files().size(), 3U);
  EXPECT_EQ(run("tensorboard", "tb2", {"--top", "0"}).status, 2);
  const RunResult fewer = run("tensorboard", "tb", {"--top", "2"});
  EXPECT_EQ(fewer.status, 73) << "the third run would stay, as if it were one of the two";
  EXPECT_NE(fewer.err.find("not part of this export"), std::string::npos) << fewer.err;
}

TEST_F(ExportOfSweep, IsRefusedWhereItIsNotUnderstood) {
  EXPECT_EQ(run("parquet", "out").status, 2);
  EXPECT_EQ(glimpse_.run({"export", "csv", "--study", "sweep"}).status, 2);
  const RunResult unknown = glimpse_.run({"export", "csv", "--study", "swep", "--out", "out"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("did you mean \"sweep\"?"), std::string::npos) << unknown.err;
  EXPECT_EQ(files().size(), 0U);
}

TEST_F(ExportOfSweep, ReplacesNothingButItsOwnFiles) {
  fs::create_directory(glimpse_.folder() / "thesis");
  save_bytes(glimpse_.folder() / "thesis/table.tex", "mine");
  const RunResult result = run("csv", "thesis");
  EXPECT_EQ(result.status, 73);
  EXPECT_NE(result.err.find("thesis: table.tex there is not part of this export"),
            std::string::npos)
      << result.err;
  EXPECT_EQ(run("csv", "glimpse-results").status, 73);
  EXPECT_EQ(run("csv", "thesis/table.tex").status, 73) << "a file is no folder";
  EXPECT_EQ(run("csv", "").status, 2);
  EXPECT_EQ(files(), std::set<std::string>{"thesis/table.tex"});
  EXPECT_EQ(load_bytes(glimpse_.folder() / "thesis/table.tex"), "mine");
}

TEST_F(ExportOfSweep, SaysWhatIsMissing) {
  fs::remove_all(glimpse_.results() / "runs");
  const RunResult crops = run("hdf5", "crops");
  EXPECT_EQ(crops.status, 2);
  EXPECT_NE(crops.err.find("no run of 'sweep' has crops"), std::string::npos) << crops.err;
  fs::remove_all(glimpse_.results() / "studies");
  const RunResult text = run("optuna", "optuna");
  EXPECT_EQ(text.status, 66);
  EXPECT_NE(text.err.find("studies/00112233445566778899aabbccddeeff.json"), std::string::npos)
      << text.err;
  EXPECT_EQ(run("tensorboard", "tb").status, 0) << "curves need the database alone";
}

TEST_F(Export, TellsThatNothingHasRun) {
  const RunResult result = run("csv", "out");
  EXPECT_EQ(result.status, 66);
  EXPECT_NE(result.err.find("nothing has run yet"), std::string::npos) << result.err;
}

// A name could mean a file, or lead out of the folder.
class ExportOfNamed : public Export, public testing::WithParamInterface<std::string> {
 protected:
  ExportOfNamed() {
    constexpr const char* kText =
        R"({"name": "x", "kind": "command", "command": ["true"],
            "parameters": {"p": {"min": 0, "max": 1, "distribution": "uniform"}},
            "method": "random", "run_cap": 1})";
    ExportResults(glimpse_.results(), GetParam(), kText, "loss").plan({{{"p", 0.5}}}, 1);
  }
};

TEST_P(ExportOfNamed, TakesTheNameForAName) {
  for (const std::string format : {"optuna", "csv", "tensorboard"}) {
    const RunResult result =
        glimpse_.run({"export", format, "--study", GetParam(), "--out", "out/" + format});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  }
  EXPECT_EQ(
      files(),
      (std::set<std::string>{"out/csv/metrics.csv", "out/csv/runs.csv", "out/optuna/journal.log"}));
}

INSTANTIATE_TEST_SUITE_P(
    Names,
    ExportOfNamed,
    testing::Values("../x.json", "plain.json", "a\nb", std::string(60'000, 'x')));

}  // namespace
}  // namespace glimpse::tests
