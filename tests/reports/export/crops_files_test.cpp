#include "reports/export/crops_files.h"

#include <gtest/gtest.h>

#include "reports/export/tensorboard.h"
#include "storage/storage_error.h"
#include "tests/reports/export/small_study.h"

namespace glimpse::reports {
namespace {

namespace fs = std::filesystem;

using tests::load_bytes;

class CropsFiles : public tests::SmallStudy {};

TEST_F(CropsFiles, AreCopiedAsTheyAre) {
  EXPECT_EQ(export_crops(folder_, study_, out()), 1U);
  EXPECT_EQ(load_bytes(out() / (run_id(0) + ".h5")), load_bytes(crops_));
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), {}), 1);
}

TEST_F(CropsFiles, AreNotHandedOnWhereTheyAreDamaged) {
  std::string bytes = load_bytes(crops_);
  bytes[bytes.size() / 2] ^= 1;
  fs::permissions(crops_, fs::perms(0644));
  tests::save_bytes(crops_, bytes);
  EXPECT_THROW(export_crops(folder_, study_, out()), storage::StorageError);
  EXPECT_TRUE(fs::is_empty(out()));
  EXPECT_THROW(export_tensorboard(*reader_, study_, folder_, dir_ / "tb"), storage::StorageError);
}

TEST_F(CropsFiles, AreMissedByNoOtherFormat) {
  fs::remove(crops_);
  EXPECT_EQ(export_tensorboard(*reader_, study_, folder_, out()), 2U);
  EXPECT_EQ(export_crops(folder_, study_, dir_ / "crops"), 0U);
}

}  // namespace
}  // namespace glimpse::reports
