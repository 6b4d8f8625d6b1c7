#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/files/atomic_file.h"
#include "tests/integration/glimpse_runner.h"
#include "tests/integration/json_value.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> build(const std::string& train = "train=200") {
  return {"dataset", "build", "source=builtin", train, "valid=100", "test=100"};
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

std::vector<fs::path> datasets(const GlimpseRunner& glimpse) {
  std::vector<fs::path> files;
  for (const fs::path& file : files_in(glimpse.results() / "data")) {
    if (file.extension() == ".h5" && file.filename().string().front() != '.') {
      files.push_back(file);
    }
  }
  return files;
}

TEST(DatasetBuild, WritesOneReadOnlyFileAndFindsItAgain) {
  const GlimpseRunner glimpse;
  const RunResult first = glimpse.run(build());
  ASSERT_EQ(first.status, 0) << first.err;
  ASSERT_EQ(datasets(glimpse).size(), 1U);
  const fs::path file = datasets(glimpse).front();
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0444));
  const std::string bytes = load_bytes(file);
  const RunResult second = glimpse.run(build());
  EXPECT_EQ(second.status, 0);
  EXPECT_NE(second.err.find("already there, verified"), std::string::npos) << second.err;
  EXPECT_EQ(load_bytes(file), bytes);
}

TEST(DatasetBuild, GivesTheSameBytesForAnyNumberOfThreads) {
  const GlimpseRunner one;
  const GlimpseRunner three;
  auto arguments = build();
  arguments.insert(arguments.end(), {"--threads", "1"});
  ASSERT_EQ(one.run(arguments).status, 0);
  arguments.back() = "3";
  ASSERT_EQ(three.run(arguments).status, 0);
  EXPECT_EQ(datasets(one).front().filename(), datasets(three).front().filename());
  EXPECT_EQ(load_bytes(datasets(one).front()), load_bytes(datasets(three).front()));
}

std::vector<fs::path> unfinished(const GlimpseRunner& glimpse) {
  std::vector<fs::path> files;
  for (const fs::path& file : files_in(glimpse.results() / "data")) {
    if (storage::is_temporary_name(file.filename().string())) {
      files.push_back(file);
    }
  }
  return files;
}

void wait_for_unfinished(const GlimpseRunner& glimpse) {
  while (unfinished(glimpse).empty()) {
    usleep(1000);
  }
}

TEST(DatasetBuild, OfTheSameTwiceAtOnceWorksOnce) {
  const GlimpseRunner glimpse;
  const RunResult result = glimpse.shell(
      "build='dataset build --json source=builtin train=20000 valid=100 test=100'\n"
      "$GLIMPSE $build 2>first >&2 & $GLIMPSE $build 2>second >&2; echo $?; wait $!; echo $?\n"
      "cat first second >&2");
  EXPECT_EQ(result.out, "0\n0\n");
  EXPECT_EQ(datasets(glimpse).size(), 1U);
  EXPECT_TRUE(unfinished(glimpse).empty());
  EXPECT_NE(result.err.find("waiting for another build of cluttered-sequences-"), std::string::npos)
      << result.err;
  const std::size_t built = result.err.find("built in");
  EXPECT_NE(built, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("built in", built + 1), std::string::npos) << result.err;
}

TEST(DatasetBuild, TakesAwayWhatItHalfMadeWhenInterrupted) {
  const GlimpseRunner glimpse;
  for (const int number : {SIGINT, SIGTERM}) {
    const pid_t child = glimpse.start(build("train=20000"));
    wait_for_unfinished(glimpse);
    kill(child, number);
    EXPECT_EQ(wait_for(child), 75);
    EXPECT_TRUE(unfinished(glimpse).empty());
    EXPECT_TRUE(datasets(glimpse).empty());
  }
}

TEST(DatasetBuild, SaysInOneLineThatItWasInterrupted) {
  const RunResult result = GlimpseRunner().shell(
      "$GLIMPSE dataset build source=builtin train=20000 & child=$!\n"
      "until ls -A glimpse-results/data/ 2>/dev/null | grep -q tmp-glimpse; do :; done\n"
      "kill $child; wait $child");
  EXPECT_EQ(result.status, 75);
  EXPECT_EQ(result.err.rfind("glimpse: error: interrupted (SIGTERM): ", 0), 0U) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
}

TEST(DatasetBuild, TakesAwayWhatAKilledBuildOfTheSameLeft) {
  const GlimpseRunner glimpse;
  const pid_t child = glimpse.start(build("train=20000"));
  wait_for_unfinished(glimpse);
  const RunResult during = glimpse.run({"verify", "--format", "csv"});
  EXPECT_NE(during.out.find(",busy,"), std::string::npos) << during.out;
  kill(child, SIGKILL);
  wait_for(child);
  const RunResult after = glimpse.run({"verify", "--format", "csv"});
  EXPECT_EQ(after.status, 0) << "nobody reads it, so it is no damage";
  EXPECT_NE(after.out.find("unfinished,data/.cluttered-sequences-"), std::string::npos);
  EXPECT_NE(after.out.find(",left,"), std::string::npos) << after.out;

  ASSERT_EQ(glimpse.run(build()).status, 0);
  EXPECT_EQ(unfinished(glimpse).size(), 1U) << "it belongs to another dataset";
  ASSERT_EQ(glimpse.run(build("train=20000")).status, 0);
  EXPECT_TRUE(unfinished(glimpse).empty());
}

TEST(DatasetImport, TakesAwayWhatItHalfMadeWhenInterrupted) {
  const GlimpseRunner glimpse;
  ASSERT_EQ(glimpse.run(build("train=20000")).status, 0);
  const pid_t child = glimpse.start({"dataset", "import", datasets(glimpse).at(0).string()});
  wait_for_unfinished(glimpse);
  kill(child, SIGTERM);
  EXPECT_EQ(wait_for(child), 75);
  EXPECT_TRUE(unfinished(glimpse).empty());
  EXPECT_EQ(datasets(glimpse).size(), 1U);
}

TEST(DatasetBuild, LeavesNothingUnderItsNameWhenKilled) {
  const GlimpseRunner glimpse;
  for (const int delay_ms : {5, 20, 50, 100, 200}) {
    const pid_t child = glimpse.start(build("train=20000"));
    usleep(static_cast<useconds_t>(delay_ms) * 1000);
    kill(child, SIGKILL);
    ASSERT_EQ(wait_for(child), 128 + SIGKILL) << "ended before it was killed";
    EXPECT_TRUE(datasets(glimpse).empty());
  }
  EXPECT_EQ(glimpse.run({"dataset", "list", "--format", "csv"}).out.find(".h5"), std::string::npos);
  ASSERT_EQ(glimpse.run(build()).status, 0);
  EXPECT_EQ(glimpse.run({"dataset", "verify"}).status, 0);
}

TEST(DatasetBuild, RefusesUnknownAndImpossibleValuesWithExit2) {
  const GlimpseRunner glimpse;
  const RunResult unknown = glimpse.run({"dataset", "build", "trian=5"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("did you mean \"train\"?"), std::string::npos) << unknown.err;
  EXPECT_EQ(glimpse.run({"dataset", "build", "source=builtin", "width=20"}).status, 2);
  EXPECT_EQ(glimpse.run({"dataset", "build", "train=-1"}).status, 2);
  EXPECT_FALSE(fs::exists(glimpse.results()));
}

TEST(DatasetBuild, SaysThatAFolderCannotBeMade) {
  const GlimpseRunner glimpse;
  save_bytes(glimpse.folder() / "file", "");
  auto arguments = build();
  arguments.insert(arguments.end(), {"--results", "file/below"});
  const RunResult result = glimpse.run(arguments);
  EXPECT_EQ(result.status, 73);
  EXPECT_NE(result.err.find("file/below"), std::string::npos) << result.err;
}

// Root may write anywhere, so somebody else tries.
TEST(DatasetBuild, SaysThatAFolderIsReadOnly) {
  const GlimpseRunner glimpse;
  fs::create_directories(glimpse.results());
  fs::permissions(glimpse.results(), fs::perms(0555));
  fs::permissions(glimpse.folder(), fs::perms(0755));
  const std::string as_nobody =
      getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
  const RunResult result =
      glimpse.shell(as_nobody + "$GLIMPSE dataset build source=builtin train=20 valid=10 test=10");
  EXPECT_EQ(result.status, 73) << result.err;
  EXPECT_NE(result.err.find("Permission denied"), std::string::npos) << result.err;
  fs::permissions(glimpse.results(), fs::perms(0755));
}

TEST(DatasetBuild, SaysWhereItLookedForMnist) {
  const RunResult result = GlimpseRunner().run({"dataset", "build", "train=10"});
  EXPECT_EQ(result.status, 66);
  EXPECT_NE(result.err.find("glimpse dataset fetch"), std::string::npos) << result.err;
}

class BuiltDataset : public testing::Test {
 protected:
  BuiltDataset() {
    EXPECT_EQ(glimpse_.run(build()).status, 0);
    file_ = datasets(glimpse_).at(0);
  }
  void damage() {
    fs::permissions(file_, fs::perms(0644));
    std::string bytes = load_bytes(file_);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    save_bytes(file_, bytes);
  }

  GlimpseRunner glimpse_;
  fs::path file_;
};

TEST_F(BuiltDataset, IsListed) {
  const JsonValue json(glimpse_.run({"dataset", "list", "--json"}).out);
  ASSERT_EQ(json.size("/datasets"), 1U);
  EXPECT_EQ(json.text("/datasets/0/dataset"), file_.stem().string());
  EXPECT_EQ(json.text("/datasets/0/state"), "readable");
  EXPECT_EQ(json.text("/datasets/0/source"), "built-in digits");
  EXPECT_EQ(json.number("/datasets/0/train"), 200);
  EXPECT_EQ(glimpse_.run({"completion", "--candidates", "datasets"}).out,
            file_.stem().string() + "\n");
}

TEST_F(BuiltDataset, IsShownByPathNameOrStart) {
  const std::string stem = file_.stem().string();
  const std::string hash = stem.substr(stem.rfind('-') + 1);
  for (const std::string& name : {file_.string(), stem, hash.substr(0, 6)}) {
    const RunResult result = glimpse_.run({"dataset", "show", name, "--json"});
    ASSERT_EQ(result.status, 0) << name << result.err;
    const JsonValue json(result.out);
    EXPECT_EQ(json.text("/dataset/0/recipe"), "cluttered-sequences");
    EXPECT_EQ(json.number("/splits/0/images"), 200);
    EXPECT_GT(json.number("/splits/0/mean"), 0);
  }
  EXPECT_NE(glimpse_.run({"dataset", "show", stem}).out.find("identity"), std::string::npos);
}

TEST_F(BuiltDataset, IsNotFoundByAnotherName) {
  const RunResult result = glimpse_.run({"dataset", "show", "clutterd"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("neither a file nor in"), std::string::npos) << result.err;
  EXPECT_EQ(glimpse_.run({"dataset", "show", "./clutterd"}).status, 66) << "a path is no name";
}

TEST_F(BuiltDataset, IsNamedWhenDamaged) {
  damage();
  const RunResult result = glimpse_.run({"dataset", "verify"});
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find(file_.stem().string()), std::string::npos);
  EXPECT_NE(result.out.find("damaged"), std::string::npos);
  EXPECT_EQ(glimpse_.run({"verify"}).status, 65);
  EXPECT_EQ(glimpse_.run(build()).status, 65);  // and never taken for a good one
}

TEST_F(BuiltDataset, IsNotTakenForAnotherWhoseNameItHas) {
  const std::vector<std::string> plan = {"plan",
                                         "table1",
                                         "dataset.source=builtin",
                                         "dataset.train=300",
                                         "dataset.valid=100",
                                         "dataset.test=100",
                                         "--json"};
  const fs::path other = JsonValue(glimpse_.run(plan).out).text("/datasets/0/path");
  fs::copy_file(file_, glimpse_.folder() / other);
  EXPECT_EQ(glimpse_.run(build("train=300")).status, 65);
  EXPECT_EQ(glimpse_.run({"verify"}).status, 65);
  EXPECT_EQ(glimpse_.run({"dataset", "verify", other.stem().string()}).status, 65);
  EXPECT_EQ(glimpse_.run({"dataset", "show", other.string()}).status, 65);
  const RunResult preview = glimpse_.run({"dataset", "preview", other.string()});
  EXPECT_EQ(preview.status, 65);
  EXPECT_NE(preview.err.find(file_.filename().string()), std::string::npos) << preview.err;
  const JsonValue planned(glimpse_.run(plan).out);
  EXPECT_FALSE(planned.flag("/datasets/0/is_built"));
  EXPECT_NE(planned.text("/datasets/0/problem").find(file_.filename().string()), std::string::npos);
  const RunResult list = glimpse_.run({"dataset", "list", "--format", "csv"});
  EXPECT_NE(list.out.find(other.stem().string() + ",damaged,"), std::string::npos) << list.out;
}

TEST_F(BuiltDataset, MayHaveAnyNameElsewhere) {
  fs::copy_file(file_, glimpse_.folder() / "mine.h5");
  EXPECT_EQ(glimpse_.run({"dataset", "verify", "mine.h5"}).status, 0);
}

TEST_F(BuiltDataset, IsCalledDamagedByThePlanWhenCutOff) {
  fs::permissions(file_, fs::perms(0644));
  fs::resize_file(file_, fs::file_size(file_) / 2);
  const RunResult result = glimpse_.run({"plan",
                                         "table1",
                                         "dataset.source=builtin",
                                         "dataset.train=200",
                                         "dataset.valid=100",
                                         "dataset.test=100"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find(file_.stem().string() + ", damaged: "), std::string::npos)
      << result.out;
}

TEST_F(BuiltDataset, IsPreviewedAsPng) {
  ASSERT_EQ(glimpse_
                .run({"dataset",
                      "preview",
                      file_.string(),
                      "--split",
                      "test",
                      "--first",
                      "90",
                      "--count",
                      "50",
                      "-o",
                      "sheet.png"})
                .status,
            0);
  EXPECT_EQ(load_bytes(glimpse_.folder() / "sheet.png").substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(glimpse_.run({"dataset", "preview", file_.string(), "--first", "200"}).status, 2);
}

TEST_F(BuiltDataset, CanBeImportedAsAFileOfTheUsers) {
  const RunResult result = glimpse_.run({"dataset", "import", file_.string(), "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  const JsonValue json(result.out);
  EXPECT_EQ(json.text("/datasets/0/dataset").substr(0, 7), "import-");
  EXPECT_EQ(glimpse_.run({"dataset", "verify"}).status, 0);
  EXPECT_EQ(glimpse_.run({"dataset", "import", "missing.h5"}).status, 66);
}

// A mutated file on which HDF5 1.10.8 ends with a segmentation fault in its own chunk reader.
TEST_F(BuiltDataset, AFileThatCrashesTheHdf5LibraryIsRefused) {
  // A sanitizer in the program would turn the crash into an orderly exit.
  glimpse_.set("ASAN_OPTIONS", "abort_on_error=1");
  const std::string file =
      std::string(GLIMPSE_SOURCE_DIR) + "/tests/integration/data/crashes_hdf5.h5";
  const RunResult result = glimpse_.run({"dataset", "import", file});
  EXPECT_EQ(result.status, 65) << result.err;
  EXPECT_NE(result.err.find("import " + file), std::string::npos) << result.err;
}

TEST_F(BuiltDataset, IsKnownToThePlan) {
  const JsonValue json(glimpse_
                           .run({"plan",
                                 "table1",
                                 "dataset.source=builtin",
                                 "dataset.train=200",
                                 "dataset.valid=100",
                                 "dataset.test=100",
                                 "--json"})
                           .out);
  EXPECT_TRUE(json.flag("/datasets/0/is_built"));
}

}  // namespace
}  // namespace glimpse::tests
