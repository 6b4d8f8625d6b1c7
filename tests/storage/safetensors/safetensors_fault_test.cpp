#include <csignal>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/safetensors/checkpoint.h"
#include "tests/storage/safetensors/samples.h"
#include "tests/support/child.h"
#include "tests/support/damage.h"
#include "tests/support/io_fault.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

namespace fs = std::filesystem;
using storage::StorageError;
using storage::StorageFault;

// Enough for several writes of the header, small tensors and pieces of a large one.
OwnedTensors make_model() {
  OwnedTensors tensors = make_tensors();
  tensors.add("large", storage::TensorType::kF32, {300, 1000});
  return tensors;
}

fs::path save_checkpoint(const fs::path& folder, std::uint64_t step) {
  return storage::write_checkpoint(
      folder,
      {.key = "k", .attempt = 1, .step = step, .epoch = 1, .counters = {}},
      make_model().views);
}

FaultCampaign write_second_checkpoint(const std::string& action) {
  FaultCampaign campaign;
  campaign.action = action;
  campaign.prepare = [](const fs::path& folder) { save_checkpoint(folder, 10); };
  campaign.command = [](const fs::path& folder) { return child_command({folder.string()}); };
  return campaign;
}

// Every file under a checkpoint's name is whole, and the old one is among them. Returns the newest.
std::uint64_t expect_all_whole(const fs::path& folder) {
  const auto found = storage::list_checkpoints(folder);
  EXPECT_TRUE(!found.empty() && found.back().name.step == 10);
  for (const auto& checkpoint : found) {
    EXPECT_NO_THROW(static_cast<void>(storage::open_checkpoint(checkpoint.path)));
  }
  return found.empty() ? 0 : found.front().name.step;
}

TEST(CheckpointFault, FullDiskAtEachStepLeavesOnlyWholeCheckpoints) {
  for (const std::string action : {"ENOSPC", "EDQUOT"}) {
    std::size_t unchanged = 0;
    FaultCampaign campaign = write_second_checkpoint(action);
    campaign.judge = [&](const fs::path& folder, const ChildResult& result) {
      const bool is_new = expect_all_whole(folder) == 20;
      EXPECT_TRUE(is_new || result.exit_code == exit_code_of(StorageFault::kDiskFull))
          << result.output;
      const auto files = std::distance(fs::directory_iterator(folder), fs::directory_iterator());
      EXPECT_EQ(files, is_new ? 2 : 1);
      unchanged += is_new ? 0 : 1;
    };
    const std::uint64_t failed = fail_every_operation(campaign);
    EXPECT_GT(failed, 20U);
    EXPECT_EQ(unchanged, failed - 2);  // only the folder's flush and close come after the rename
  }
}

// The folders above were made without a flush; a power cut must not take them away with it.
TEST(CheckpointFault, FirstOfAFolderFlushesTheFoldersAboveIt) {
  const TempDir dir;
  const fs::path attempt = dir.path() / "runs/ab/abc/attempt-1";
  fs::create_directories(attempt);
  const auto count_flushes = [&] {
    return run_with_fault(child_command({attempt.string()}),
                          {.folder = dir.path(), .at = 0, .action = "count", .operations = "sync"})
        .calls;
  };
  EXPECT_EQ(count_flushes(), 6U) << "the file, its folder, and abc, ab, runs and where they lie";
  fs::remove(storage::list_checkpoints(attempt).at(0).path);
  save_checkpoint(attempt, 10);
  EXPECT_EQ(count_flushes(), 2U);
  const ChildResult failed = [&] {
    fs::remove_all(attempt);
    fs::create_directories(attempt);
    return run_with_fault(
        child_command({attempt.string()}),
        {.folder = dir.path() / "runs/ab/abc", .at = 3, .action = "EIO", .operations = "sync"});
  }();
  EXPECT_EQ(failed.exit_code, exit_code_of(StorageFault::kIo)) << failed.output;
}

TEST(CheckpointFault, DiskThatFillsLeavesTheOldCheckpoint) {
  FaultCampaign campaign = write_second_checkpoint("fill");
  campaign.operations = "write";
  campaign.judge = [](const fs::path& folder, const ChildResult& result) {
    EXPECT_EQ(result.exit_code, exit_code_of(StorageFault::kDiskFull)) << result.output;
    EXPECT_EQ(expect_all_whole(folder), 10U);
  };
  EXPECT_GT(fail_every_operation(campaign), 20U);
}

TEST(CheckpointFault, KillAtEachStepLeavesOnlyWholeCheckpoints) {
  for (const std::string action : {"kill", "tear"}) {
    FaultCampaign campaign = write_second_checkpoint(action);
    campaign.judge = [](const fs::path& folder, const ChildResult& result) {
      EXPECT_EQ(result.signal, SIGKILL);
      expect_all_whole(folder);
    };
    EXPECT_GT(fail_every_operation(campaign), 20U);
  }
}

TEST(CheckpointDamage, IsNeverSilent) {
  const TempDir dir;
  const fs::path path = save_checkpoint(dir.path(), 10);
  const std::string bytes = load_bytes(path);
  std::size_t silent = 0;
  for (const auto& damage : plan_damage(bytes, 1)) {
    save_bytes(path, apply_damage(bytes, damage));
    try {
      static_cast<void>(storage::open_checkpoint(path));
      ++silent;
      ADD_FAILURE() << render_damage(damage);
    } catch (const StorageError& error) {
      EXPECT_EQ(error.fault(), StorageFault::kDamaged);
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
    }
  }
  EXPECT_EQ(silent, 0U);
  save_bytes(path, bytes);
  EXPECT_NO_THROW(static_cast<void>(storage::open_checkpoint(path)));
}

// The container alone, without the hash that would hide its checks. Touches every byte it is given.
bool is_accepted(const fs::path& path) {
  try {
    const storage::TensorFile file(path);
    for (const auto& tensor : file.tensors()) {
      EXPECT_EQ(storage::try_tensor_bytes(tensor.type, tensor.shape), tensor.bytes.size());
      unsigned sum = 0;
      for (const std::byte byte : tensor.bytes) {
        sum += static_cast<unsigned>(byte);
      }
      EXPECT_LE(sum, 255 * tensor.bytes.size());
    }
    return true;
  } catch (const StorageError& error) {
    EXPECT_EQ(error.path(), path);
    return false;
  }
}

TEST(TensorFileDamage, TenThousandMutatedHeadersAreReadOrRefused) {
  const TempDir dir;
  storage::AtomicFile file(dir / "t");
  storage::write_tensors(file, make_tensors().views, {{"key", "value"}});
  file.commit();
  const std::string bytes = load_bytes(dir / "t");
  const std::size_t header_end = bytes.find("}}") + 2;
  std::mt19937_64 random(1);
  int refused = 0;
  for (int i = 0; i < 10000; ++i) {
    save_bytes(dir / "t", mutate(bytes.substr(0, header_end), random) + bytes.substr(header_end));
    refused += is_accepted(dir / "t") ? 0 : 1;
  }
  EXPECT_GT(refused, 9000);
  EXPECT_LT(refused, 10000);  // a letter changed in a name is another valid file
}

}  // namespace

int run_child(const std::vector<std::string>& arguments) {
  save_checkpoint(arguments.at(0), 20);
  return 0;
}

}  // namespace glimpse::tests
