#include <string>

#include <gtest/gtest.h>

#include "storage/hdf5/crops_file.h"
#include "storage/storage_error.h"
#include "tests/storage/hdf5/crops_samples.h"
#include "tests/support/damage.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

bool is_refused(const std::filesystem::path& path) {
  try {
    storage::load_crops(path);
  } catch (const storage::StorageError&) {
    return true;
  }
  return false;
}

TEST(CropsDamage, IsFoundWhereverItIs) {
  const TempDir dir;
  write_crops(dir / "crops.h5", sample_crops());
  const std::string bytes = load_bytes(dir / "crops.h5");
  for (const Damage& damage : plan_damage(bytes, 20250102)) {
    save_bytes(dir / "damaged.h5", apply_damage(bytes, damage));
    EXPECT_TRUE(is_refused(dir / "damaged.h5")) << render_damage(damage);
  }
  std::mt19937_64 random(7);
  for (int i = 0; i < 500; ++i) {
    const std::string mutated = mutate(bytes, random);
    save_bytes(dir / "damaged.h5", mutated);
    EXPECT_EQ(is_refused(dir / "damaged.h5"), mutated != bytes);
  }
}

}  // namespace
}  // namespace glimpse::tests
