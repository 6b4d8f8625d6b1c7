#include <string>

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/damage.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

bool is_found(const std::filesystem::path& path, const std::string& text) {
  try {
    EXPECT_EQ(read_everything(path), text) << "silent damage";
  } catch (const storage::StorageError& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
    return true;
  }
  return false;
}

// Every byte of a file counts: arrays by their hashes, all else by the seal. So each change must be
// found, also one that readers would not notice.
TEST(DatasetDamage, IsFoundWhereverItIs) {
  const TempDir dir;
  write_sample(dir / "whole.h5");
  const std::string bytes = load_bytes(dir / "whole.h5");
  const std::string text = read_everything(dir / "whole.h5");
  const auto plan = plan_damage(bytes, 20250101);
  std::size_t found = 0;
  for (const Damage& damage : plan) {
    save_bytes(dir / "damaged.h5", apply_damage(bytes, damage));
    const bool is_one_found = is_found(dir / "damaged.h5", text);
    EXPECT_TRUE(is_one_found) << render_damage(damage);
    found += is_one_found ? 1 : 0;
  }
  EXPECT_EQ(plan.size(), 400U);
  EXPECT_EQ(found, plan.size());
}

// The same, for the part that the HDF5 library reads: flips in every third of its first bytes.
TEST(DatasetDamage, InTheStructureNeverReachesHdf5) {
  const TempDir dir;
  write_sample(dir / "whole.h5");
  const std::string bytes = load_bytes(dir / "whole.h5");
  const std::string text = read_everything(dir / "whole.h5");
  const std::size_t begin = 4096;
  for (std::size_t at = begin; at < begin + 2048; at += 3) {
    save_bytes(dir / "damaged.h5", apply_damage(bytes, {Damage::Kind::kFlip, at, 3, 0}));
    ASSERT_TRUE(is_found(dir / "damaged.h5", text)) << at;
  }
}

TEST(DatasetDamage, ByAnythingIsSurvived) {
  const TempDir dir;
  write_sample(dir / "whole.h5");
  const std::string bytes = load_bytes(dir / "whole.h5");
  const std::string text = read_everything(dir / "whole.h5");
  std::mt19937_64 random(5);
  for (int i = 0; i < 500; ++i) {
    const std::string mutated = mutate(bytes, random);
    save_bytes(dir / "damaged.h5", mutated);
    EXPECT_EQ(is_found(dir / "damaged.h5", text), mutated != bytes);
  }
}

}  // namespace
}  // namespace glimpse::tests
