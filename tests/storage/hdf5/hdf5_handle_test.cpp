#include "storage/hdf5/hdf5_handle.h"

#include <utility>

#include <gtest/gtest.h>
#include <hdf5.h>

namespace glimpse::storage {
namespace {

Hdf5Handle make_space() {
  return {H5Screate(H5S_SCALAR), H5Sclose};
}

bool is_alive(std::int64_t id) {
  return H5Iis_valid(id) > 0;
}

TEST(Hdf5Handle, MovesTwiceAndClosesOnce) {
  Hdf5Handle first = make_space();
  const std::int64_t id = first.get();
  Hdf5Handle second = std::move(first);
  Hdf5Handle third;
  third = std::move(second);
  EXPECT_EQ(third.get(), id);
  EXPECT_TRUE(is_alive(id));
  EXPECT_EQ(third.close(), 0);
  EXPECT_FALSE(is_alive(id));
  EXPECT_FALSE(third.is_open());
  EXPECT_EQ(third.close(), 0);
}

TEST(Hdf5Handle, ClosesWhenItGoes) {
  std::int64_t id = -1;
  {
    const Hdf5Handle space = make_space();
    id = space.get();
    EXPECT_TRUE(is_alive(id));
  }
  EXPECT_FALSE(is_alive(id));
}

TEST(Hdf5Task, SaysWhatFailedOnWhichFileAndWhy) {
  const Hdf5Task task("open dataset", "some.h5", StorageFault::kDamaged);
  testing::internal::CaptureStderr();
  try {
    task.check(H5Fopen("/absent/some.h5", H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen");
    FAIL();
  } catch (const StorageError& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with("open dataset some.h5: H5Fopen failed in HDF5 (")) << text;
    EXPECT_NE(text.find("No such file"), std::string::npos) << text;
    EXPECT_EQ(error.fault(), StorageFault::kDamaged);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Hdf5Task, GivesBackWhatIsNoFailure) {
  const Hdf5Task task("look at", "some.h5", StorageFault::kIo);
  EXPECT_EQ(task.check(7, "H5Xcount"), 7);
  EXPECT_EQ(task.check(0, "H5Xexists"), 0);
}

}  // namespace
}  // namespace glimpse::storage
