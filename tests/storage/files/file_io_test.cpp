#include "storage/files/file_io.h"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

using tests::TempDir;

TEST(FileIo, CallsEveryLackOfRoomAFullDisk) {
  for (const int number : {ENOSPC, EDQUOT, EFBIG}) {
    EXPECT_EQ(fault_of(number), StorageFault::kDiskFull);
  }
  EXPECT_EQ(fault_of(ENOENT), StorageFault::kMissing);
  EXPECT_EQ(fault_of(EROFS), StorageFault::kRefused);
  EXPECT_EQ(fault_of(EIO), StorageFault::kIo);
}

TEST(FileIo, ReportsWhatWasTriedOnWhichPathAndWhy) {
  const TempDir dir;
  try {
    static_cast<void>(open_file(dir / "absent", O_RDONLY));
    FAIL() << "opened a file that is not there";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kMissing);
    EXPECT_EQ(error.path(), dir / "absent");
    EXPECT_EQ(std::string(error.what()),
              "open " + (dir / "absent").string() + ": No such file or directory");
  }
}

// /dev/full is the kernel's own full disk.
TEST(FileIo, FailsOnAFullDevice) {
  const FileDescriptor file = open_file("/dev/full", O_WRONLY);
  try {
    write_all(file, std::as_bytes(std::span("text")), "/dev/full");
    FAIL() << "wrote to a full device";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), StorageFault::kDiskFull);
  }
}

TEST(FileIo, RefusesTextAboveItsLimit) {
  const TempDir dir;
  tests::save_bytes(dir / "text", std::string(40000, 'x'));
  EXPECT_EQ(load_text(dir / "text", 40000).size(), 40000U);
  EXPECT_THROW(static_cast<void>(load_text(dir / "text", 39999)), StorageError);
}

TEST(FileIo, ReadsPlainFilesOnly) {
  const TempDir dir;
  EXPECT_THROW(static_cast<void>(open_plain_file(dir.path())), StorageError);
  EXPECT_THROW(static_cast<void>(open_plain_file("/dev/zero")), StorageError);
  // A pipe without a writer would block a plain open for ever.
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(static_cast<void>(open_plain_file(dir / "pipe")), StorageError);
}

TEST(FileDescriptor, MovesTwiceAndClosesOnce) {
  const TempDir dir;
  FileDescriptor first = open_file(dir / "file", O_RDWR | O_CREAT);
  const int number = first.get();
  FileDescriptor second(std::move(first));
  FileDescriptor third;
  third = std::move(second);
  EXPECT_EQ(third.get(), number);
  third.close(dir / "file");
  EXPECT_FALSE(third.is_open());
  EXPECT_EQ(fcntl(number, F_GETFD), -1);
}

TEST(FileDescriptor, IsNotInheritedByPrograms) {
  const TempDir dir;
  const FileDescriptor file = open_file(dir / "file", O_RDWR | O_CREAT);
  EXPECT_EQ(fcntl(file.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

}  // namespace
}  // namespace glimpse::storage
