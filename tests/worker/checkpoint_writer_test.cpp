#include "worker/checkpoint_writer.h"

#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "storage/safetensors/checkpoint.h"
#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/fake_engine.h"

namespace glimpse::worker {
namespace {

namespace fs = std::filesystem;

const std::string kKey(64, 'a');

Position at_step(std::uint64_t step) {
  return {.epoch = 2, .step_in_epoch = step, .step = step, .best_epoch = 1, .totals = {}};
}

TEST(CheckpointWriter, KeepsTheTwoNewestAndTellsOfEach) {
  const tests::TempDir folder;
  std::vector<WrittenCheckpoint> written;
  CheckpointWriter writer(
      {.folder = folder.path(), .key = kKey, .attempt = 4},
      [&](const WrittenCheckpoint& checkpoint) { written.push_back(checkpoint); });
  FakeEngine engine;
  for (std::uint64_t step = 1; step <= 5; ++step) {
    writer.submit(at_step(step), engine.save());
  }
  const auto newest = writer.finish();
  ASSERT_EQ(written.size(), 5U);
  EXPECT_EQ(newest, written.back().file);
  const auto kept = storage::list_checkpoints(folder.path());
  ASSERT_EQ(kept.size(), 2U);
  const storage::Checkpoint checkpoint = storage::open_checkpoint(kept.front().path);
  EXPECT_EQ(checkpoint.facts.key, kKey);
  EXPECT_EQ(checkpoint.facts.attempt, 4U);
  EXPECT_EQ(checkpoint.facts.epoch, 1U);
  EXPECT_EQ(parse_counters(checkpoint.facts.counters), at_step(5));
  EXPECT_EQ(written.back().bytes, fs::file_size(kept.front().path));
}

TEST(CheckpointWriter, OfOneStepTheNewestStays) {
  const tests::TempDir folder;
  CheckpointWriter writer({.folder = folder.path(), .key = kKey}, [](const auto&) {});
  FakeEngine engine;
  writer.submit(at_step(7), engine.save());
  engine.keep_best();
  writer.submit(at_step(7), engine.save());
  const auto newest = writer.finish();
  const auto kept = storage::list_checkpoints(folder.path());
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.front().path.filename(), *newest);
}

TEST(CheckpointWriter, ThrowsWhatWentWrong) {
  const tests::TempDir folder;
  CheckpointWriter writer({.folder = folder / "missing", .key = kKey}, [](const auto&) {});
  FakeEngine engine;
  writer.submit(at_step(1), engine.save());
  EXPECT_THROW(writer.finish(), storage::StorageError);
  EXPECT_EQ(writer.finish(), std::nullopt) << "said once";
}

TEST(CheckpointWriter, WritesWhatWasSubmittedBeforeItGoes) {
  const tests::TempDir folder;
  {
    CheckpointWriter writer({.folder = folder.path(), .key = kKey}, [](const auto&) {});
    FakeEngine engine;
    writer.submit(at_step(1), engine.save());
  }
  EXPECT_EQ(storage::list_checkpoints(folder.path()).size(), 1U);
}

}  // namespace
}  // namespace glimpse::worker
