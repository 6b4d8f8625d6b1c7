#include "storage/files/run_folder.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using tests::TempDir;

const std::string kRun = "ab00000000000000000000000000000f";

TEST(PathName, IsShortPlainAndNeverHidden) {
  for (const char* name : {"a", "_x", "Table-1.json", "9", "a..b"}) {
    EXPECT_TRUE(is_path_name(name)) << name;
  }
  for (const char* name : {"", ".", "..", ".hidden", "-x", "a/b", "a b", "\xc3\xa9", "a\n"}) {
    EXPECT_FALSE(is_path_name(name)) << name;
  }
  EXPECT_TRUE(is_path_name(std::string(64, 'x')));
  EXPECT_FALSE(is_path_name(std::string(65, 'x')));
  EXPECT_FALSE(is_path_name(std::string("a\0b", 3)));
}

TEST(ResultsFolder, LaysOutItsPaths) {
  const ResultsFolder results("r");
  EXPECT_EQ(results.database(), "r/glimpse.db");
  EXPECT_EQ(results.lock(), "r/glimpse.lock");
  EXPECT_EQ(results.spool(), "r/spool");
  EXPECT_EQ(results.reports(), "r/reports");
  EXPECT_EQ(results.study_file(kRun), "r/studies/" + kRun + ".json");
  EXPECT_EQ(results.dataset_file("cluttered-sequences", kRun),
            "r/data/cluttered-sequences-" + kRun + ".h5");
  EXPECT_EQ(results.trial_file(kRun), "r/runs/ab/" + kRun + "/trial.json");
  const AttemptFolder attempt = results.attempt_folder(kRun, 12);
  EXPECT_EQ(attempt.path, "r/runs/ab/" + kRun + "/attempt-12");
  EXPECT_EQ(attempt.journal(), attempt.path / "journal.jsonl");
  EXPECT_EQ(attempt.worker_log(), attempt.path / "worker.log");
  EXPECT_EQ(attempt.crops(), attempt.path / "crops.h5");
}

TEST(ResultsFolder, RefusesNamesThatLeadElsewhere) {
  const ResultsFolder results("r");
  for (const std::string bad : {"",
                                "..",
                                "../../etc/passwd",
                                "AB00000000000000000000000000000F",
                                "ab00000000000000000000000000000",
                                "ab0000000000000000000000000000/f"}) {
    EXPECT_THROW(static_cast<void>(results.run_folder(bad)), StorageError) << bad;
    EXPECT_THROW(static_cast<void>(results.study_file(bad)), StorageError) << bad;
    EXPECT_THROW(static_cast<void>(results.dataset_file("recipe", bad)), StorageError) << bad;
  }
  EXPECT_THROW(static_cast<void>(results.dataset_file("../x", kRun)), StorageError);
  EXPECT_THROW(static_cast<void>(results.attempt_folder(kRun, 0)), StorageError);
  EXPECT_THROW(static_cast<void>(results.find_runs("../", 9)), StorageError);
}

TEST(ResultsFolder, MakesNothingUntilSomethingIsWritten) {
  const TempDir dir;
  const ResultsFolder results(dir / "results");
  EXPECT_TRUE(results.list_attempts(kRun).empty());
  EXPECT_TRUE(results.find_runs("", 9).empty());
  EXPECT_FALSE(fs::exists(dir / "results"));
}

TEST(ResultsFolder, WritesATrialOnce) {
  const TempDir dir;
  const ResultsFolder results(dir.path());
  results.write_trial(kRun, "{\"first\":1}");
  results.write_trial(kRun, "{\"second\":2}");
  EXPECT_EQ(results.load_trial(kRun), "{\"first\":1}");
  // What a power cut may leave of it.
  tests::save_bytes(results.trial_file(kRun), "");
  results.write_trial(kRun, "{\"third\":3}");
  EXPECT_EQ(results.load_trial(kRun), "{\"third\":3}");
}

TEST(ResultsFolder, GivesOutAnAttemptNumberOnce) {
  const TempDir dir;
  const ResultsFolder results(dir.path());
  EXPECT_TRUE(fs::is_directory(results.make_attempt(kRun, 1).path));
  static_cast<void>(results.make_attempt(kRun, 10));
  static_cast<void>(results.make_attempt(kRun, 2));
  EXPECT_THROW(static_cast<void>(results.make_attempt(kRun, 2)), StorageError);
  EXPECT_EQ(results.list_attempts(kRun), (std::vector<std::uint64_t>{1, 2, 10}));
}

TEST(ResultsFolder, ListsOnlyFoldersOfItsOwnSpelling) {
  const TempDir dir;
  const ResultsFolder results(dir.path());
  static_cast<void>(results.make_attempt(kRun, 3));
  for (const char* other : {"attempt-",
                            "attempt-0",
                            "attempt-03",
                            "attempt-3x",
                            "attempt-+4",
                            "attempt--5",
                            "attempt-99999999999999999999",
                            "trial-6"}) {
    fs::create_directory(results.run_folder(kRun) / other);
  }
  EXPECT_EQ(results.list_attempts(kRun), std::vector<std::uint64_t>{3});
}

TEST(ResultsFolder, FindsRunsByTheirBeginning) {
  const TempDir dir;
  const ResultsFolder results(dir.path());
  const std::string tail(28, '0');
  for (const char* start : {"ab12", "ab1f", "ac00", "0000"}) {
    results.write_trial(start + tail, "{}");
  }
  fs::create_directories(dir / "runs/ab/not-a-run");
  fs::create_directories(dir / ("runs/cd/ee00" + tail));
  using Ids = std::vector<std::string>;
  EXPECT_EQ(results.find_runs("ab1", 9), (Ids{"ab12" + tail, "ab1f" + tail}));
  EXPECT_EQ(results.find_runs("ab12", 9), Ids{"ab12" + tail});
  EXPECT_EQ(results.find_runs("a", 9), (Ids{"ab12" + tail, "ab1f" + tail, "ac00" + tail}));
  EXPECT_EQ(results.find_runs("", 2), (Ids{"0000" + tail, "ab12" + tail}));
  EXPECT_EQ(results.find_runs("ff", 9), Ids{});
}

}  // namespace
}  // namespace glimpse::storage
