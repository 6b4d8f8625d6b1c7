#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/atomic_file.h"
#include "tests/storage/files/fault_children.h"
#include "tests/support/child.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using storage::StorageFault;

const std::string kOld = "old";
const std::string kNew(100000, 'n');

FaultCampaign replace_file(const std::string& action) {
  return {
      .action = action,
      .prepare = [](const fs::path& folder) { save_bytes(folder / "file", kOld); },
      .command =
          [](const fs::path& folder) {
            return child_command({"atomic-file", (folder / "file").string()});
          },
  };
}

std::size_t count_temporaries(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    count += storage::is_temporary_name(entry.path().filename().string()) ? 1 : 0;
  }
  return count;
}

// Opening, the flush before the rename and the rename itself: the old file stays. Only the folder's
// flush and its close come after the rename.
void expect_old_or_new(const fs::path& folder, std::size_t& old_files) {
  const std::string text = load_bytes(folder / "file");
  EXPECT_TRUE(text == kOld || text == kNew) << text.size() << " bytes";
  old_files += text == kOld ? 1 : 0;
}

TEST(AtomicFileFault, FullDiskAtEachStepLeavesTheOldFileOrTheWholeNewOne) {
  for (const std::string action : {"ENOSPC", "EDQUOT", "EIO"}) {
    std::size_t old_files = 0;
    FaultCampaign campaign = replace_file(action);
    campaign.judge = [&](const fs::path& folder, const ChildResult& result) {
      const StorageFault fault = action == "EIO" ? StorageFault::kIo : StorageFault::kDiskFull;
      // The folder is only read, so that its close is not checked: there the child succeeds.
      EXPECT_TRUE(result.exit_code == exit_code_of(fault) || load_bytes(folder / "file") == kNew)
          << result.output;
      EXPECT_NE(result.output.find(folder.string()) == std::string::npos, result.exit_code != 0);
      EXPECT_EQ(count_temporaries(folder), 0U);
      expect_old_or_new(folder, old_files);
    };
    // Two writes, flush, close, rename; then flush and close of the folder.
    EXPECT_EQ(fail_every_operation(campaign), 7U);
    EXPECT_EQ(old_files, 5U);
  }
}

TEST(AtomicFileFault, DiskThatFillsLeavesTheOldFile) {
  FaultCampaign campaign = replace_file("fill");
  campaign.operations = "write";
  campaign.judge = [](const fs::path& folder, const ChildResult& result) {
    EXPECT_EQ(result.exit_code, exit_code_of(StorageFault::kDiskFull)) << result.output;
    EXPECT_EQ(load_bytes(folder / "file"), kOld);
    EXPECT_EQ(count_temporaries(folder), 0U);
  };
  EXPECT_EQ(fail_every_operation(campaign), 2U);
}

TEST(AtomicFileFault, NoRoomForANameLeavesTheOldFile) {
  FaultCampaign campaign = replace_file("ENOSPC");
  campaign.operations = "create";
  campaign.judge = [](const fs::path& folder, const ChildResult& result) {
    EXPECT_EQ(result.exit_code, exit_code_of(StorageFault::kDiskFull)) << result.output;
    EXPECT_EQ(load_bytes(folder / "file"), kOld);
  };
  EXPECT_EQ(fail_every_operation(campaign), 1U);
}

TEST(AtomicFileFault, KillAtEachStepLeavesTheOldFileOrTheWholeNewOne) {
  for (const std::string action : {"kill", "tear"}) {
    std::size_t old_files = 0;
    FaultCampaign campaign = replace_file(action);
    campaign.judge = [&](const fs::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.signal, SIGKILL);
      expect_old_or_new(folder, old_files);
      // What a crash leaves behind is found by its name, so that it can be taken away.
      const std::size_t left = count_temporaries(folder);
      EXPECT_EQ(storage::remove_temporaries(folder, std::chrono::seconds(0)), left);
    };
    EXPECT_EQ(fail_every_operation(campaign), 7U);
    EXPECT_EQ(old_files, 5U);
  }
}

TEST(AtomicFileFault, ContinuesShortAndInterruptedWrites) {
  for (const std::string action : {"half", "EINTR"}) {
    FaultCampaign campaign = replace_file(action);
    campaign.judge = [](const fs::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.exit_code, 0) << result.output;
      EXPECT_EQ(load_bytes(folder / "file"), kNew);
    };
    EXPECT_GE(fail_every_operation(campaign), 7U);
  }
}

}  // namespace

void replace_file_atomically(const std::string& path) {
  storage::AtomicFile file(path);
  file.write(kNew.substr(0, 10));
  file.write(kNew.substr(10));
  file.commit();
}

}  // namespace glimpse::tests
