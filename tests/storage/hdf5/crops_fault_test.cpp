#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/hdf5/crops_file.h"
#include "tests/storage/hdf5/crops_samples.h"
#include "tests/support/child.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {

namespace fs = std::filesystem;

int run_child(const std::vector<std::string>& arguments) {
  storage::write_crops(fs::path(arguments.at(0)) / "crops.h5", sample_crops());
  return 0;
}

namespace {

// "old" or the whole new file, never anything between.
TEST(CropsFault, AtEveryStepLeavesTheOldFileOrTheNew) {
  const TempDir dir;
  write_crops(dir / "whole.h5", sample_crops());
  const std::string whole = load_bytes(dir / "whole.h5");
  for (const std::string action : {"ENOSPC", "EIO", "kill"}) {
    FaultCampaign faults{
        .action = action,
        .prepare = [](const fs::path& folder) { save_bytes(folder / "crops.h5", "old"); },
        .command = [](const fs::path& folder) { return child_command({folder.string()}); },
        .judge =
            [&](const fs::path& folder, const ChildResult& result) {
              const std::string bytes = load_bytes(folder / "crops.h5");
              EXPECT_TRUE(bytes == "old" || bytes == whole) << bytes.size() << " bytes";
              EXPECT_TRUE(bytes == whole || result.exit_code != 0);
              EXPECT_LE(std::count(result.output.begin(), result.output.end(), '\n'), 1)
                  << result.output;
            }};
    EXPECT_GE(fail_every_operation(faults), 4U) << action;
  }
}

}  // namespace
}  // namespace glimpse::tests
