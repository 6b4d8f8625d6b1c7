#include "storage/files/atomic_file.h"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using tests::load_bytes;
using tests::TempDir;

std::ptrdiff_t count_files(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

TEST(AtomicFile, ShowsNothingBeforeCommit) {
  const TempDir dir;
  tests::save_bytes(dir / "file", "old");
  AtomicFile file(dir / "file");
  file.write("new");
  EXPECT_EQ(load_bytes(dir / "file"), "old");
  file.commit();
  EXPECT_EQ(load_bytes(dir / "file"), "new");
  EXPECT_EQ(count_files(dir.path()), 1);
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const TempDir dir;
  {
    AtomicFile file(dir / "file");
    file.write("new");
    EXPECT_EQ(count_files(dir.path()), 1);
  }
  EXPECT_EQ(count_files(dir.path()), 0);
}

TEST(AtomicFile, CommitsUnderANameKnownAtTheEnd) {
  const TempDir dir;
  AtomicFile file(dir / "unnamed");
  file.write("text");
  file.commit_as(dir / "named");
  EXPECT_EQ(load_bytes(dir / "named"), "text");
  EXPECT_EQ(count_files(dir.path()), 1);
}

TEST(AtomicFile, WritesAtAPlaceOfItsOwn) {
  const TempDir dir;
  AtomicFile file(dir / "file");
  file.write("first ");
  file.write_at(8, std::as_bytes(std::span("behind", 6)));
  file.write("x");
  file.write_at(0, std::as_bytes(std::span("F", 1)));
  file.commit();
  EXPECT_EQ(load_bytes(dir / "file"), std::string("First x\0behind", 14));
}

TEST(AtomicFile, StaysInItsFolder) {
  const TempDir dir;
  AtomicFile file(dir / "file");
  EXPECT_THROW(file.commit_as(dir.path().parent_path() / "file"), std::invalid_argument);
}

TEST(AtomicFile, CommitsOnce) {
  const TempDir dir;
  AtomicFile file(dir / "file");
  file.commit();
  EXPECT_THROW(file.commit(), std::logic_error);
}

TEST(AtomicFile, SetsPermissions) {
  const TempDir dir;
  write_file_atomically(dir / "file", "text", {.permissions = 0444});
  EXPECT_EQ(fs::status(dir / "file").permissions(), fs::perms(0444));
}

TEST(AtomicFile, LeavesAFolderInItsWayAlone) {
  const TempDir dir;
  fs::create_directories(dir / "file/inner");
  EXPECT_THROW(write_file_atomically(dir / "file", "text"), StorageError);
  EXPECT_TRUE(fs::is_directory(dir / "file/inner"));
  EXPECT_EQ(count_files(dir.path()), 1);
}

TEST(AtomicFile, NamesTheFolderThatIsMissing) {
  const TempDir dir;
  try {
    const AtomicFile file(dir / "absent/file");
    FAIL() << "wrote into a folder that is not there";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kMissing);
    EXPECT_EQ(error.what(),
              "make " + (dir / "absent/file").string() + ": No such file or directory");
  }
}

TEST(AtomicFile, MovesTwice) {
  const TempDir dir;
  AtomicFile first(dir / "file");
  first.write("a");
  AtomicFile second(std::move(first));
  AtomicFile third(dir / "other");
  third = std::move(second);
  third.write("b");
  third.commit();
  EXPECT_EQ(load_bytes(dir / "file"), "ab");
}

TEST(AtomicFile, NamesUnfinishedFilesRecognisably) {
  const TempDir dir;
  const AtomicFile file(dir / "step-1.safetensors");
  const std::string name = file.temporary_path().filename().string();
  EXPECT_TRUE(is_temporary_name(name));
  EXPECT_EQ(target_of_temporary(name), "step-1.safetensors");
  for (const char* other : {"step-1.safetensors",
                            ".bashrc",
                            ".x.tmp-glimpse",
                            ".tmp-glimpse",
                            "x.0123456789abcdef.tmp-glimpse",
                            "..0123456789abcdef.tmp-glimpse"}) {
    EXPECT_FALSE(is_temporary_name(other)) << other;
  }
}

TEST(AtomicFile, RemovesOnlyOldUnfinishedFiles) {
  const TempDir dir;
  const AtomicFile fresh(dir / "fresh");
  const AtomicFile old(dir / "old");
  fs::last_write_time(old.temporary_path(),
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
  tests::save_bytes(dir / "other", "text");
  EXPECT_EQ(remove_temporaries(dir.path(), std::chrono::hours(1)), 1U);
  EXPECT_TRUE(fs::exists(fresh.temporary_path()));
  EXPECT_FALSE(fs::exists(old.temporary_path()));
  EXPECT_EQ(remove_temporaries(dir.path(), std::chrono::seconds(0)), 1U);
  EXPECT_TRUE(fs::exists(dir / "other"));
  EXPECT_EQ(remove_temporaries(dir / "absent", std::chrono::seconds(0)), 0U);
}

}  // namespace
}  // namespace glimpse::storage
