#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/files/atomic_file.h"
#include "storage/hdf5/dataset_import.h"
#include "storage/hdf5/dataset_reader.h"
#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/child.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {

namespace fs = std::filesystem;

int run_child(const std::vector<std::string>& arguments) {
  const fs::path folder = arguments.at(1);
  if (arguments.at(0) == "import") {
    storage::import_dataset(folder / "source.h5", folder / "data.h5", sample_info());
  } else {
    write_sample(folder / "data.h5");
  }
  return 0;
}

namespace {

using storage::StorageFault;

std::size_t count_temporaries(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    count += storage::is_temporary_name(entry.path().filename().string()) ? 1 : 0;
  }
  return count;
}

class DatasetFault : public ::testing::Test {
 protected:
  DatasetFault() {
    write_sample(dir_ / "whole.h5");
    whole_ = load_bytes(dir_ / "whole.h5");
  }

  FaultCampaign campaign(const std::string& child, const std::string& action) {
    return {.action = action,
            // An import also closes the file it only read, which harms nothing when it fails.
            .operations = child == "import" ? "write,sync,truncate,rename"
                                            : "write,sync,truncate,rename,close",
            .prepare =
                [this](const fs::path& folder) {
                  save_bytes(folder / "data.h5", "old");
                  save_bytes(folder / "source.h5", whole_);
                },
            .command =
                [child](const fs::path& folder) {
                  return child_command({child, folder.string()});
                }};
  }

  // "old" or the whole new file, never anything between.
  void expect_old_or_whole(const fs::path& folder) {
    const std::string bytes = load_bytes(folder / "data.h5");
    EXPECT_TRUE(bytes == "old" || bytes == whole_) << bytes.size() << " bytes";
    old_ += bytes == "old" ? 1 : 0;
  }

  void expect_clean_failure(const fs::path& folder, const ChildResult& result, StorageFault fault) {
    const bool is_old = load_bytes(folder / "data.h5") == "old";
    if (is_old) {
      EXPECT_EQ(result.exit_code, exit_code_of(fault)) << result.output;
      EXPECT_NE(result.output.find("data.h5"), std::string::npos) << result.output;
    }
    // One line of talk, and none from HDF5.
    EXPECT_LE(std::count(result.output.begin(), result.output.end(), '\n'), 1) << result.output;
    EXPECT_EQ(count_temporaries(folder), 0U);
    expect_old_or_whole(folder);
  }

  TempDir dir_;
  std::string whole_;
  std::uint64_t old_ = 0;
};

TEST_F(DatasetFault, FullDiskAtEveryStepLeavesTheOldState) {
  for (const std::string child : {"build", "import"}) {
    for (const std::string action : {"ENOSPC", "EDQUOT", "EIO"}) {
      old_ = 0;
      FaultCampaign faults = campaign(child, action);
      faults.judge = [&](const fs::path& folder, const ChildResult& result) {
        expect_clean_failure(
            folder, result, action == "EIO" ? StorageFault::kIo : StorageFault::kDiskFull);
      };
      const std::uint64_t failed = fail_every_operation(faults);
      // Arrays, structure and seal, flush, close, rename. Only the folder's flush, and its close
      // where that counts, come behind the rename.
      EXPECT_GE(failed, 13U);
      EXPECT_EQ(old_, failed - (child == "import" ? 1 : 2));
    }
  }
}

TEST_F(DatasetFault, DiskThatFillsAndStaysFullLeavesTheOldState) {
  FaultCampaign faults = campaign("build", "fill");
  faults.operations = "write";
  faults.judge = [&](const fs::path& folder, const ChildResult& result) {
    expect_clean_failure(folder, result, StorageFault::kDiskFull);
  };
  const std::uint64_t failed = fail_every_operation(faults);
  EXPECT_GE(failed, 10U);
  // The structure fills holes between arrays, for which this kind of full disk has room.
  EXPECT_GE(old_, failed - 7);
}

TEST_F(DatasetFault, ShortWritesAreContinued) {
  FaultCampaign faults = campaign("build", "half");
  faults.operations = "write";
  faults.judge = [&](const fs::path& folder, const ChildResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_EQ(load_bytes(folder / "data.h5"), whole_);
  };
  EXPECT_GE(fail_every_operation(faults), 10U);
}

TEST_F(DatasetFault, DeathAtEveryStepLeavesTheOldStateOrTheWholeFile) {
  for (const std::string action : {"kill", "tear"}) {
    FaultCampaign faults = campaign("build", action);
    faults.judge = [&](const fs::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.signal, SIGKILL);
      expect_old_or_whole(folder);
    };
    EXPECT_GE(fail_every_operation(faults), 15U);
  }
}

}  // namespace
}  // namespace glimpse::tests
