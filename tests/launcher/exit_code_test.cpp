#include "launcher/exit_code.h"

#include <new>
#include <stdexcept>
#include <system_error>

#include <gtest/gtest.h>

#include "experiments/study_error.h"
#include "launcher/interruption.h"
#include "launcher/transport/launch_error.h"
#include "launcher/usage_error.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

using experiments::ExitCode;
using experiments::StudyError;
using storage::StorageError;
using storage::StorageFault;

ExitCode code_of(const std::exception& error) {
  return explain(error).code;
}

TEST(ExitCode, FollowsTheTableForEachKindOfError) {
  EXPECT_EQ(code_of(UsageError("x")), ExitCode::kUsage);
  EXPECT_EQ(code_of(StudyError("a.json", {{"/x", "bad", 1, 2}})), ExitCode::kBadConfig);
  EXPECT_EQ(code_of(StudyError("command line", {{"/x", "bad"}})), ExitCode::kUsage);
  EXPECT_EQ(code_of(StorageError(StorageFault::kMissing, "f", "x")), ExitCode::kMissingInput);
  EXPECT_EQ(code_of(StorageError(StorageFault::kDamaged, "f", "x")), ExitCode::kBadData);
  EXPECT_EQ(code_of(StorageError(StorageFault::kForeign, "f", "x")), ExitCode::kBadData);
  EXPECT_EQ(code_of(StorageError(StorageFault::kDiskFull, "f", "x")), ExitCode::kCannotCreate);
  EXPECT_EQ(code_of(StorageError(StorageFault::kCannotCreate, "f", "x")), ExitCode::kCannotCreate);
  EXPECT_EQ(code_of(StorageError(StorageFault::kBusy, "f", "x")), ExitCode::kBadConfig);
  EXPECT_EQ(code_of(StorageError(StorageFault::kIo, "f", "x")), ExitCode::kIoError);
  EXPECT_EQ(code_of(Interrupted("x")), ExitCode::kInterrupted);
  EXPECT_EQ(code_of(LaunchError(ExitCode::kProtocol, "x")), ExitCode::kProtocol);
  EXPECT_EQ(code_of(std::bad_alloc()), ExitCode::kHostOom);
  EXPECT_EQ(code_of(std::system_error(2, std::generic_category())), ExitCode::kIoError);
  EXPECT_EQ(code_of(std::logic_error("x")), ExitCode::kFailure);
}

TEST(ExitCode, ListsEveryIssueOfAStudyWithItsPlace) {
  const Failure failure =
      explain(StudyError("a.json", {{"/x", "bad", 1, 2}, {"/y", "worse", 3, 4}}));
  EXPECT_TRUE(failure.has_places);
  EXPECT_EQ(failure.lines,
            (std::vector<std::string>{"a.json:1:2: /x: bad", "a.json:3:4: /y: worse"}));
}

TEST(ExitCode, SaysOnceWhatCanBeTyped) {
  const Failure failure = explain(StudyError("command line", {{"/x", "bad"}, {"/y", "worse"}}));
  EXPECT_EQ(failure.lines,
            (std::vector<std::string>{"command line: /x: bad",
                                      "command line: /y: worse (KEY=VALUE sets a value, KEY=A,B "
                                      "sweeps; ranges stand in a study)"}));
}

TEST(ExitCode, IsBadConfigWhereOnlyPartOfTheMistakesWereTyped) {
  EXPECT_EQ(
      code_of(StudyError("a.json", {{"/x", "bad", 1, 2}, {"/y", "bad", 0, 0, "command line"}})),
      ExitCode::kBadConfig);
}

}  // namespace
}  // namespace glimpse::launcher
