#include "storage/files/mapped_file.h"

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::TempDir;

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST(MappedFile, ShowsTheBytes) {
  const TempDir dir;
  tests::save_bytes(dir / "file", "text");
  EXPECT_EQ(text_of(MappedFile(dir / "file")), "text");
}

TEST(MappedFile, TakesAnEmptyFile) {
  const TempDir dir;
  tests::save_bytes(dir / "file", "");
  EXPECT_TRUE(MappedFile(dir / "file").bytes().empty());
}

TEST(MappedFile, RefusesWhatIsNoPlainFile) {
  const TempDir dir;
  EXPECT_THROW(MappedFile(dir.path()), StorageError);
  EXPECT_THROW(MappedFile("/dev/zero"), StorageError);
  EXPECT_THROW(MappedFile(dir / "absent"), StorageError);
}

TEST(MappedFile, MovesTwice) {
  const TempDir dir;
  tests::save_bytes(dir / "file", "text");
  tests::save_bytes(dir / "other", "other");
  MappedFile first(dir / "file");
  MappedFile second(std::move(first));
  MappedFile third(dir / "other");
  third = std::move(second);
  EXPECT_EQ(text_of(third), "text");
}

}  // namespace
}  // namespace glimpse::storage
