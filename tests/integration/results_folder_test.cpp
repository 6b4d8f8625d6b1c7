// What verbs make of a results folder that is missing, no folder, or closed to them.

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/integration/glimpse_runner.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

std::vector<Words> verbs() {
  return {{"plan", "table1"},
          {"status"},
          {"show", "x"},
          {"query", "select 1"},
          {"verify"},
          {"merge", "other"},
          {"completion", "--candidates", "studies"},
          {"dataset", "list"},
          {"dataset", "show", "x"},
          {"dataset", "verify"},
          {"dataset", "build", "source=builtin", "train=1", "valid=1", "test=1"}};
}

TEST(ResultsFolder, ThatIsAFileIsRefusedInOneLineByEveryVerb) {
  GlimpseRunner glimpse;
  save_bytes(glimpse.folder() / "file", "");
  glimpse.set("GLIMPSE_RESULTS", "file");
  for (const Words& verb : verbs()) {
    const RunResult result = glimpse.run(verb);
    EXPECT_EQ(result.status, 78) << verb.front();
    EXPECT_EQ(result.err,
              "results folder: 'file' (GLIMPSE_RESULTS): it is a file; give a folder\n");
  }
  const RunResult doctor = glimpse.run({"doctor", "--format", "csv"});
  EXPECT_EQ(doctor.status, 78);
  EXPECT_NE(doctor.out.find("results folder,FAIL,"), std::string::npos) << doctor.out;
}

// Root may look anywhere, so somebody else tries.
TEST(ResultsFolder, ThatIsClosedIsSaidToBeSo) {
  const GlimpseRunner glimpse;
  fs::create_directories(glimpse.results());
  fs::permissions(glimpse.results(), fs::perms(0));
  fs::permissions(glimpse.folder(), fs::perms(0755));
  const std::string as_nobody =
      getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
  for (const char* const verb : {"status", "dataset list", "verify", "plan table1"}) {
    const RunResult result = glimpse.shell(as_nobody + "$GLIMPSE " + verb);
    EXPECT_EQ(result.status, 78) << verb;
    EXPECT_EQ(result.err, "results folder: './glimpse-results' (default): Permission denied\n");
  }
  fs::permissions(glimpse.results(), fs::perms(0755));
}

TEST(ResultsFolder, ThatCannotBeWrittenStopsBuildAndImportAlike) {
  const GlimpseRunner glimpse;
  const std::string build = "dataset build source=builtin train=20 valid=10 test=10";
  ASSERT_EQ(glimpse.shell("$GLIMPSE " + build + " && mv glimpse-results/data/*.h5 mine.h5").status,
            0);
  fs::permissions(glimpse.results() / "data", fs::perms(0555));
  fs::permissions(glimpse.folder(), fs::perms(0755));
  const std::string as_nobody =
      getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
  for (const std::string& verb : {build, std::string("dataset import mine.h5")}) {
    const RunResult result = glimpse.shell(as_nobody + "$GLIMPSE " + verb);
    EXPECT_EQ(result.status, 73) << verb;
    EXPECT_EQ(result.err, "glimpse: error: write into ./glimpse-results/data: Permission denied\n");
  }
  fs::permissions(glimpse.results() / "data", fs::perms(0755));
}

TEST(ResultsFolder, ThatIsMissingIsMissedAlike) {
  const GlimpseRunner glimpse;
  for (const Words& verb :
       std::vector<Words>{{"verify"}, {"dataset", "list"}, {"dataset", "verify"}, {"status"}}) {
    EXPECT_EQ(glimpse.run(verb).status, 66) << verb.front();
  }
}

TEST(ResultsFolder, IsNotTouchedByAMergeOfWhatCannotBeRead) {
  const GlimpseRunner glimpse;
  fs::create_directories(glimpse.folder() / "only-data/data");
  save_bytes(glimpse.folder() / "text.db", "not a database at all, just some text");
  const RunResult only_data = glimpse.run({"merge", "only-data"});
  EXPECT_EQ(only_data.status, 66);
  EXPECT_NE(only_data.err.find("no glimpse.db there"), std::string::npos) << only_data.err;
  EXPECT_EQ(glimpse.run({"merge", "nowhere"}).status, 66);
  EXPECT_EQ(glimpse.run({"merge", "text.db"}).status, 65);
  EXPECT_FALSE(fs::exists(glimpse.results()));
}

TEST(UnknownNames, OfStudiesRunsAndDatasetsExitAlike) {
  const GlimpseRunner glimpse;
  fs::create_directories(glimpse.results());
  for (const Words& verb : std::vector<Words>{{"plan", "nosuch"},
                                              {"models", "nosuch"},
                                              {"dataset", "build", "nosuch"},
                                              {"dataset", "show", "nosuch"},
                                              {"dataset", "verify", "nosuch"},
                                              {"dataset", "preview", "nosuch"}}) {
    EXPECT_EQ(glimpse.run(verb).status, 2) << verb.front();
  }
}

TEST(Import, SaysThatAFolderIsNoFile) {
  const RunResult result = GlimpseRunner().run({"dataset", "import", "."});
  EXPECT_EQ(result.status, 66);
  EXPECT_EQ(result.err, "glimpse: error: import .: not a plain file\n");
}

}  // namespace
}  // namespace glimpse::tests
