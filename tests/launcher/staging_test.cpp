// Copies of datasets on a node's disk: shared, checked, replaced, and done without.

#include "launcher/staging.h"

#include <filesystem>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "storage/hdf5/dataset_reader.h"
#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/child.h"
#include "tests/support/child_process.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {

namespace fs = std::filesystem;
using launcher::Interruption;
using launcher::Log;
using launcher::Verbosity;

// DATASET FOLDER: prints what is to be read.
int run_child(const std::vector<std::string>& arguments) {
  const Interruption interruption;
  Log log(std::cout, Verbosity::kNormal, false);
  const fs::path read =
      launcher::stage_dataset(arguments.at(0), arguments.at(1), interruption, log);
  std::cout << "reads " << read.string() << std::endl;
  return 0;
}

namespace {

class Staging : public testing::Test {
 protected:
  Staging() { write_sample(dataset_); }

  fs::path stage() {
    const Interruption interruption;
    Log log(said_, Verbosity::kNormal, false);
    return launcher::stage_dataset(dataset_, node_, interruption, log);
  }
  [[nodiscard]] std::size_t files_on_node() const {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(node_)) {
      files += entry.path().extension() == ".lock" ? 0 : 1;
    }
    return files;
  }

  TempDir dir_;
  fs::path dataset_ = dir_ / "sample.h5";
  fs::path node_ = dir_ / "node" / "datasets";
  fs::path copy_ = node_ / "sample.h5";
  std::ostringstream said_;
};

TEST_F(Staging, CopiesADatasetOnceAndKeepsTheCopy) {
  EXPECT_EQ(stage(), copy_);
  EXPECT_EQ(read_everything(copy_), read_everything(dataset_));
  const auto written = fs::last_write_time(copy_);
  EXPECT_EQ(stage(), copy_);
  EXPECT_EQ(fs::last_write_time(copy_), written);
  EXPECT_EQ(said_.str(), "");
  EXPECT_EQ(files_on_node(), 1U);
}

TEST_F(Staging, ReplacesADamagedCopy) {
  stage();
  std::string bytes = load_bytes(copy_);
  bytes[bytes.size() / 2] ^= 1;
  save_bytes(copy_, bytes);
  EXPECT_EQ(stage(), copy_);
  EXPECT_EQ(read_everything(copy_), read_everything(dataset_));
  EXPECT_NE(said_.str().find("it is copied again"), std::string::npos) << said_.str();
}

TEST_F(Staging, UsesTheOriginalWhereTheFolderCannotBeMade) {
  save_bytes(dir_ / "node", "a file");
  EXPECT_EQ(stage(), dataset_);
  EXPECT_NE(said_.str().find("trials read the original"), std::string::npos) << said_.str();
}

TEST_F(Staging, NeverUsesACopyOfADamagedOriginal) {
  std::string bytes = load_bytes(dataset_);
  bytes[bytes.size() / 2] ^= 1;
  save_bytes(dataset_, bytes);
  EXPECT_EQ(stage(), dataset_);
  EXPECT_FALSE(fs::exists(copy_));
}

TEST_F(Staging, SharesOneCopyAmongProcessesThatComeAtOnce) {
  const auto command = child_command({dataset_.string(), node_.string()});
  ChildProcess first(command);
  ChildProcess second(command);
  for (ChildProcess* const child : {&first, &second}) {
    EXPECT_NE(child->read_to_end().find("reads " + copy_.string()), std::string::npos);
    EXPECT_EQ(child->wait().exit_code, 0);
  }
  EXPECT_EQ(read_everything(copy_), read_everything(dataset_));
  EXPECT_EQ(files_on_node(), 1U);
}

void judge(const fs::path& folder, const ChildResult& result) {
  const fs::path dataset = folder / "sample.h5";
  const fs::path copy = folder / "node" / "sample.h5";
  if (result.signal == 0) {
    ASSERT_EQ(result.exit_code, 0) << result.output;
    const bool is_original = result.output.find("reads " + dataset.string()) != std::string::npos;
    EXPECT_NE(is_original, result.output.find("reads " + copy.string()) != std::string::npos);
    EXPECT_EQ(is_original, result.output.find("trials read the original") != std::string::npos);
  }
  if (fs::exists(copy)) {
    EXPECT_EQ(read_everything(copy), read_everything(dataset)) << "whole or not there";
  }
}

FaultCampaign campaign(const std::string& action) {
  return {.action = action,
          .prepare = [](const fs::path& folder) { write_sample(folder / "sample.h5"); },
          .command =
              [](const fs::path& folder) {
                return child_command({(folder / "sample.h5").string(), (folder / "node").string()});
              },
          .judge = judge};
}

TEST(StagingFault, LeavesTheOriginalInUseWhereThereIsNoRoom) {
  EXPECT_GE(fail_every_operation(campaign("ENOSPC")), 2U);
  EXPECT_GE(fail_every_operation(campaign("fill")), 1U);
}

TEST(StagingFault, LeavesNoHalfACopyWhenItIsKilled) {
  EXPECT_GE(fail_every_operation(campaign("kill")), 2U);
  EXPECT_GE(fail_every_operation(campaign("tear")), 1U);
}

}  // namespace
}  // namespace glimpse::tests
