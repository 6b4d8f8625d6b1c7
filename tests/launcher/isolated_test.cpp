#include "launcher/isolated.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::launcher {
namespace {

using storage::StorageError;
using storage::StorageFault;

StorageError failure_of(const std::function<void()>& work) {
  try {
    run_isolated("import x.h5", "x.h5", Interruption(), work);
  } catch (const StorageError& error) {
    return error;
  }
  return {StorageFault::kIo, "", "nothing was thrown"};
}

TEST(Isolated, LeavesOnlyWhatItWroteToDisk) {
  const tests::TempDir folder;
  int changed_here = 0;
  run_isolated("work", "x", Interruption(), [&] {
    changed_here = 1;
    std::ofstream(folder.path() / "kept") << "x";
  });
  EXPECT_EQ(changed_here, 0) << "it ran in this process";
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "kept"));
}

TEST(Isolated, HandsOnWhatWasThrown) {
  const StorageError error =
      failure_of([] { throw StorageError(StorageFault::kDiskFull, "y", "no space for y"); });
  EXPECT_EQ(error.fault(), StorageFault::kDiskFull);
  EXPECT_STREQ(error.what(), "no space for y");
  const StorageError other = failure_of([] { throw std::runtime_error("odd"); });
  EXPECT_EQ(other.fault(), StorageFault::kIo);
  EXPECT_STREQ(other.what(), "odd");
}

TEST(Isolated, SurvivesACrash) {
  const StorageError error = failure_of([] {
    signal(SIGSEGV, SIG_DFL);  // a sanitizer would turn it into an exit
    raise(SIGSEGV);
  });
  EXPECT_EQ(error.fault(), StorageFault::kDamaged);
  EXPECT_EQ(error.path(), "x.h5");
  EXPECT_STREQ(error.what(),
               "import x.h5: the library that reads it crashed (Segmentation fault); the file is "
               "damaged or made to do so");
}

TEST(Isolated, IsEndedByASignalAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  const Interruption interruption;
  raise(SIGTERM);
  EXPECT_THROW(run_isolated("work", "x", interruption, [] { sleep(60); }), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace glimpse::launcher
