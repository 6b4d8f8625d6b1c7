#include "storage/safetensors/checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/safetensors/samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using tests::TempDir;

CheckpointFacts facts_at(std::uint64_t step) {
  return {.key = "0123abcd",
          .attempt = 2,
          .step = step,
          .epoch = step / 100,
          .counters = {{"best_epoch", "3"}, {"best_valid_error", "1.25"}}};
}

fs::path save_checkpoint(const fs::path& folder, std::uint64_t step) {
  return write_checkpoint(folder, facts_at(step), tests::make_tensors().views);
}

void damage_one_byte(const fs::path& path) {
  std::string bytes = tests::load_bytes(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  tests::save_bytes(path, bytes);
}

std::pair<StorageFault, std::string> error_of(const fs::path& path) {
  try {
    static_cast<void>(open_checkpoint(path));
  } catch (const StorageError& error) {
    EXPECT_EQ(error.path(), path);
    return {error.fault(), error.what()};
  }
  return {StorageFault::kIo, "accepted"};
}

TEST(CheckpointName, IsReadBackAsWritten) {
  const CheckpointName name{.step = 1200, .hash = 0xABC};
  const std::string text = "step-000000001200-0000000000000abc.safetensors";
  EXPECT_EQ(render_checkpoint_name(name), text);
  EXPECT_EQ(try_parse_checkpoint_name(text), name);
  EXPECT_EQ(render_checkpoint_name({.step = kMaxCheckpointStep, .hash = 0}).size(), text.size());
  EXPECT_THROW(
      static_cast<void>(render_checkpoint_name({.step = kMaxCheckpointStep + 1, .hash = 0})),
      std::invalid_argument);
}

TEST(CheckpointName, IsNothingElse) {
  for (const char* other : {"",
                            "step.safetensors",
                            "step-00000000120-0000000000000abcd.safetensors",
                            "step--00000001200-0000000000000abc.safetensors",
                            "step-000000001200-0000000000000ABC.safetensors",
                            "step-000000001200_0000000000000abc.safetensors",
                            "step-000000001200-0000000000000abc.safetensor5",
                            ".step-000000001200-0000000000000abc.safetensors",
                            "step-000000001200-0000000000000abc.safetensors~"}) {
    EXPECT_EQ(try_parse_checkpoint_name(other), std::nullopt) << other;
  }
}

TEST(Checkpoint, GivesBackFactsAndTensors) {
  const TempDir dir;
  const Checkpoint checkpoint = open_checkpoint(save_checkpoint(dir.path(), 1200));
  EXPECT_EQ(checkpoint.name.step, 1200U);
  EXPECT_EQ(checkpoint.facts.key, "0123abcd");
  EXPECT_EQ(checkpoint.facts.attempt, 2U);
  EXPECT_EQ(checkpoint.facts.step, 1200U);
  EXPECT_EQ(checkpoint.facts.epoch, 12U);
  EXPECT_EQ(checkpoint.facts.counters, facts_at(1200).counters);
  EXPECT_EQ(checkpoint.file.tensors().size(), tests::make_tensors().views.size());
}

TEST(Checkpoint, IsTheOnlyFileItLeaves) {
  const TempDir dir;
  const fs::path path = save_checkpoint(dir.path(), 7);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()), 1);
  EXPECT_TRUE(try_parse_checkpoint_name(path.filename().string()).has_value());
}

TEST(Checkpoint, NamesTheFileWhoseContentDoesNotMatch) {
  const TempDir dir;
  const fs::path path = save_checkpoint(dir.path(), 7);
  damage_one_byte(path);
  const auto [fault, text] = error_of(path);
  EXPECT_EQ(fault, StorageFault::kDamaged);
  EXPECT_EQ(
      text,
      "open checkpoint " + path.string() + ": the content does not match the hash in its name");
}

TEST(Checkpoint, RefusesAStepThatIsNotItsName) {
  const TempDir dir;
  const fs::path path = save_checkpoint(dir.path(), 7);
  const auto name = try_parse_checkpoint_name(path.filename().string()).value();
  const fs::path renamed = dir / render_checkpoint_name({.step = 8, .hash = name.hash});
  fs::rename(path, renamed);
  EXPECT_EQ(error_of(renamed).first, StorageFault::kDamaged);
}

TEST(Checkpoint, RefusesTensorsOfSomebodyElse) {
  const TempDir dir;
  const std::vector<TensorMetadata> foreign{
      {},
      {{"format", "pt"}},
      {{"glimpse", "checkpoint-2"}},
      {{"glimpse", "checkpoint-1"}, {"key", ""}, {"attempt", "1"}, {"step", "0"}},
      {{"glimpse", "checkpoint-1"}, {"key", ""}, {"attempt", "1x"}, {"step", "0"}, {"epoch", "0"}},
  };
  for (const TensorMetadata& metadata : foreign) {
    AtomicFile file(dir / "t");
    const std::uint64_t hash = write_tensors(file, {}, metadata);
    const fs::path path = dir / render_checkpoint_name({.step = 0, .hash = hash});
    file.commit_as(path);
    EXPECT_EQ(error_of(path).first, StorageFault::kForeign) << error_of(path).second;
  }
  tests::save_bytes(dir / "model.safetensors", "");
  EXPECT_EQ(error_of(dir / "model.safetensors").first, StorageFault::kForeign);
}

TEST(Checkpoints, AreListedNewestFirst) {
  const TempDir dir;
  for (const std::uint64_t step : {5U, 100U, 20U}) {
    save_checkpoint(dir.path(), step);
  }
  tests::save_bytes(dir / "journal.jsonl", "");
  std::vector<std::uint64_t> steps;
  for (const CheckpointPath& checkpoint : list_checkpoints(dir.path())) {
    steps.push_back(checkpoint.name.step);
  }
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{100, 20, 5}));
  EXPECT_TRUE(list_checkpoints(dir / "absent").empty());
}

TEST(Checkpoints, FallBackToTheNewestThatIsWhole) {
  const TempDir first;
  const TempDir second;
  save_checkpoint(first.path(), 10);
  const fs::path expected = save_checkpoint(second.path(), 20);
  const fs::path damaged = save_checkpoint(first.path(), 30);
  damage_one_byte(damaged);
  const fs::path cut = save_checkpoint(second.path(), 40);
  fs::resize_file(cut, 0);
  const std::vector<fs::path> folders{first.path(), second.path(), second / "absent"};
  const CheckpointSearch search = find_newest_checkpoint(folders);
  ASSERT_TRUE(search.newest.has_value());
  EXPECT_EQ(search.newest->file.path(), expected);
  ASSERT_EQ(search.unusable.size(), 2U);
  EXPECT_EQ(search.unusable[0].path, cut);
  EXPECT_EQ(search.unusable[1].path, damaged);
  EXPECT_NE(search.unusable[1].why.find(damaged.string()), std::string::npos);
}

TEST(Checkpoints, AreNoneInAnEmptyFolder) {
  const TempDir dir;
  const std::vector<fs::path> folders{dir.path()};
  EXPECT_FALSE(find_newest_checkpoint(folders).newest.has_value());
}

std::vector<std::uint64_t> removed(std::vector<std::uint64_t> steps,
                                   std::optional<std::uint64_t> best_step,
                                   bool is_finished) {
  std::vector<CheckpointName> names;
  for (const std::uint64_t step : steps) {
    names.push_back({.step = step, .hash = step * 7});
  }
  std::vector<std::uint64_t> gone;
  for (const CheckpointName& name : pick_removable_checkpoints(names, best_step, is_finished)) {
    gone.push_back(name.step);
  }
  std::ranges::sort(gone);
  return gone;
}

TEST(Retention, KeepsTheTwoNewestAndTheBest) {
  using Steps = std::vector<std::uint64_t>;
  EXPECT_EQ(removed({10, 40, 20, 30, 50}, 20, false), (Steps{10, 30}));
  EXPECT_EQ(removed({10, 40, 20, 30, 50}, 50, false), (Steps{10, 20, 30}));
  EXPECT_EQ(removed({10, 40, 20}, std::nullopt, false), (Steps{10}));
  EXPECT_EQ(removed({10, 20}, std::nullopt, false), Steps{});
  EXPECT_EQ(removed({}, 3, false), Steps{});
}

TEST(Retention, KeepsTheLastAndTheBestOfAFinishedTrial) {
  using Steps = std::vector<std::uint64_t>;
  EXPECT_EQ(removed({10, 40, 20, 30, 50}, 20, true), (Steps{10, 30, 40}));
  EXPECT_EQ(removed({10, 50}, 50, true), Steps{10});
  EXPECT_EQ(removed({10}, std::nullopt, true), Steps{});
}

}  // namespace
}  // namespace glimpse::storage
