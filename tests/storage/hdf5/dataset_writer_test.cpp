#include "storage/hdf5/dataset_writer.h"

#include <iterator>
#include <stdexcept>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/hdf5/dataset_reader.h"
#include "storage/hdf5/dataset_skeleton.h"
#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using tests::TempDir;

std::ptrdiff_t count_files(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

std::vector<std::uint8_t> bytes_of(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {data, data + bytes.size()};
}

TEST(DatasetWriter, GivesAReaderBackWhatItGot) {
  const TempDir dir;
  const DatasetInfo written = tests::write_sample(dir / "data.h5");
  const DatasetReader reader(dir / "data.h5");
  EXPECT_EQ(reader.info(), written);
  for (std::size_t split = 0; split < 3; ++split) {
    const SplitData data = reader.load(split);
    EXPECT_EQ(data.count, written.splits[split].count);
    EXPECT_EQ(bytes_of(data.images), tests::sample_images(written, split));
    EXPECT_EQ(bytes_of(data.labels), tests::sample_labels(written, split));
  }
}

TEST(DatasetWriter, WritesTheSameBytesHoweverImagesCome) {
  const TempDir dir;
  tests::write_sample(dir / "one.h5", 1);
  tests::write_sample(dir / "all.h5", 1000);
  EXPECT_EQ(tests::load_bytes(dir / "one.h5"), tests::load_bytes(dir / "all.h5"));
}

TEST(DatasetWriter, PutsArraysOfImagesOnPages) {
  const DatasetSkeleton skeleton(tests::sample_info(), "x");
  for (const std::size_t images : {0, 2, 4}) {
    EXPECT_EQ(skeleton.extents()[images].offset % 4096, 0U);
  }
}

TEST(DatasetWriter, ShowsNothingBeforeCommitAndIsReadOnlyAfter) {
  const TempDir dir;
  DatasetInfo info = tests::sample_info();
  {
    DatasetWriter writer(dir / "data.h5", info);
    writer.append(0, tests::sample_images(info, 0), tests::sample_labels(info, 0));
    EXPECT_FALSE(fs::exists(dir / "data.h5"));
  }
  EXPECT_EQ(count_files(dir.path()), 0);
  tests::write_sample(dir / "data.h5");
  EXPECT_EQ(count_files(dir.path()), 1);
  EXPECT_EQ(fs::status(dir / "data.h5").permissions(), static_cast<fs::perms>(0444));
}

TEST(DatasetWriter, RefusesWhatWasNotAnnounced) {
  const TempDir dir;
  const DatasetInfo info = tests::sample_info();
  DatasetWriter writer(dir / "data.h5", info);
  const std::vector<std::uint8_t> image(info.image_bytes());
  const std::vector<std::uint8_t> labels = {1, 2};
  using Bytes = std::vector<std::uint8_t>;
  EXPECT_THROW(writer.append(0, Bytes(info.image_bytes() - 1), labels), std::invalid_argument);
  EXPECT_THROW(writer.append(0, image, Bytes{1}), std::invalid_argument);
  EXPECT_THROW(writer.append(0, image, Bytes{1, 10}), std::invalid_argument);
  EXPECT_THROW(writer.append(2, Bytes(10 * info.image_bytes()), Bytes(20)), std::invalid_argument);
  EXPECT_THROW(writer.append(3, image, labels), std::out_of_range);
  writer.append(0, image, labels);
  EXPECT_THROW(writer.commit(), std::invalid_argument);
  EXPECT_FALSE(fs::exists(dir / "data.h5"));
}

TEST(DatasetWriter, RefusesFactsThatCannotBe) {
  const TempDir dir;
  DatasetInfo info = tests::sample_info();
  info.splits[1].count = 0;
  EXPECT_THROW(DatasetWriter(dir / "data.h5", info), std::invalid_argument);
}

TEST(DatasetWriter, NamesTheFolderThatIsMissing) {
  const TempDir dir;
  EXPECT_THROW(DatasetWriter(dir / "absent/data.h5", tests::sample_info()), StorageError);
}

TEST(DatasetWriter, KeepsMoreFactsThanAnObjectHeaderHolds) {
  const TempDir dir;
  DatasetInfo info = tests::sample_info();
  info.recipe_text = std::string(32'000, 'r');
  for (int i = 0; i < 30; ++i) {
    info.provenance["entry" + std::to_string(i)] = std::string(1000, 'p');
  }
  DatasetWriter writer(dir / "data.h5", info);
  for (std::size_t split = 0; split < 3; ++split) {
    writer.append(split, tests::sample_images(info, split), tests::sample_labels(info, split));
  }
  const DatasetInfo written = writer.commit();
  EXPECT_EQ(DatasetReader(dir / "data.h5").info(), written);
}

TEST(DatasetWriter, MayRunTwiceAtOnce) {
  const TempDir dir;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      tests::write_sample(dir / "data.h5", 1);
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(verify_dataset(dir / "data.h5"), DatasetReader(dir / "data.h5").info());
  EXPECT_EQ(count_files(dir.path()), 1);
}

}  // namespace
}  // namespace glimpse::storage
