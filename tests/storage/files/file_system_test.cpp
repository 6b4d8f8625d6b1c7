#include "storage/files/file_system.h"

#include <gtest/gtest.h>

#include "storage/storage_error.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

TEST(FileSystem, KnowsThoseThatHostsShare) {
  for (const std::uint64_t type : {0x6969UL,
                                   0x00C36400UL,
                                   0x65735546UL,
                                   0xFF534D42UL,
                                   0xFE534D42UL,
                                   0x0BD00BD0UL,
                                   0x47504653UL,
                                   0x19830326UL}) {
    EXPECT_TRUE(describe_file_system(type).is_network) << type;
  }
  EXPECT_EQ(describe_file_system(0x6969).name, "NFS");
  for (const std::uint64_t type : {0xEF53UL, 0x58465342UL, 0x01021994UL, 0x12345678UL}) {
    EXPECT_FALSE(describe_file_system(type).is_network) << type;
  }
  EXPECT_EQ(describe_file_system(0x12345678).name, "type 0x12345678");
  EXPECT_FALSE(describe_file_system(0x12345678).is_known);
}

TEST(FileSystem, TakesASignedType) {
  EXPECT_EQ(
      describe_file_system(static_cast<std::uint64_t>(static_cast<std::int32_t>(0xFF534D42))).name,
      "CIFS");
}

TEST(FileSystem, AsksTheNearestFolderThatExists) {
  EXPECT_EQ(file_system_of("/dev/shm/absent/deeper").name, "tmpfs");
  EXPECT_EQ(file_system_of("/dev/shm").name, "tmpfs");
  EXPECT_NO_THROW(static_cast<void>(file_system_of("absent")));
  const tests::TempDir dir;
  tests::save_bytes(dir / "file", "");
  EXPECT_THROW(static_cast<void>(file_system_of(dir / "file/below")), StorageError);
}

}  // namespace
}  // namespace glimpse::storage
