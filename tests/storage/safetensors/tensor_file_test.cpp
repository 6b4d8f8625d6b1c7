#include "storage/safetensors/tensor_file.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "storage/files/xxh3.h"
#include "tests/storage/safetensors/samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;
using tests::load_bytes;
using tests::TempDir;

std::uint64_t save_tensors(const fs::path& path, const tests::OwnedTensors& tensors) {
  AtomicFile file(path);
  const std::uint64_t hash = write_tensors(file, tensors.views, {{"key", "value"}});
  file.commit();
  return hash;
}

void expect_equal(const TensorFile& file, const tests::OwnedTensors& tensors) {
  ASSERT_EQ(file.tensors().size(), tensors.views.size());
  for (std::size_t i = 0; i < tensors.views.size(); ++i) {
    const TensorView& expected = tensors.views[i];
    const TensorView& read = file.tensors()[i];
    EXPECT_EQ(read.name, expected.name);
    EXPECT_EQ(read.type, expected.type);
    EXPECT_EQ(read.shape, expected.shape);
    EXPECT_TRUE(std::ranges::equal(read.bytes, expected.bytes)) << expected.name;
  }
}

TEST(TensorFile, GivesBackEveryTypeInTheOrderWritten) {
  const TempDir dir;
  const auto tensors = tests::make_tensors();
  save_tensors(dir / "t", tensors);
  const TensorFile file(dir / "t");
  expect_equal(file, tensors);
  EXPECT_EQ(file.metadata(), (TensorMetadata{{"key", "value"}}));
  EXPECT_EQ(file.find("scalar"), &file.tensors()[2]);
  EXPECT_EQ(file.find("absent"), nullptr);
}

TEST(TensorFile, HashesTheWholeFileWhileWriting) {
  const TempDir dir;
  auto tensors = tests::make_tensors();
  tensors.add("large", TensorType::kF32, {1000, 1000});  // more than one piece
  const std::uint64_t hash = save_tensors(dir / "t", tensors);
  EXPECT_EQ(hash, xxh3(load_bytes(dir / "t")));
}

TEST(TensorFile, HasTheSameBytesEachTime) {
  const TempDir dir;
  save_tensors(dir / "a", tests::make_tensors());
  save_tensors(dir / "b", tests::make_tensors());
  EXPECT_EQ(load_bytes(dir / "a"), load_bytes(dir / "b"));
}

TEST(TensorFile, HoldsNoTensorsAtAll) {
  const TempDir dir;
  AtomicFile file(dir / "t");
  write_tensors(file, {}, {});
  file.commit();
  EXPECT_EQ(load_bytes(dir / "t"), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  EXPECT_TRUE(TensorFile(dir / "t").tensors().empty());
}

TEST(TensorFile, KeepsItsViewsWhenMoved) {
  const TempDir dir;
  const auto tensors = tests::make_tensors();
  save_tensors(dir / "t", tensors);
  TensorFile first(dir / "t");
  TensorFile second(std::move(first));
  TensorFile third(dir / "t");
  third = std::move(second);
  expect_equal(third, tensors);
}

TEST(TensorFile, RefusesALengthThatLies) {
  const TempDir dir;
  const auto error_of = [&](const std::string& bytes) -> std::string {
    tests::save_bytes(dir / "t", bytes);
    try {
      const TensorFile file(dir / "t");
    } catch (const StorageError& error) {
      return error.what();
    }
    return "accepted";
  };
  using namespace std::string_literals;
  EXPECT_NE(error_of("").find("too short"), std::string::npos);
  EXPECT_NE(error_of("\2\0\0\0\0\0\0"s).find("too short"), std::string::npos);
  EXPECT_NE(error_of("\3\0\0\0\0\0\0\0{}"s).find("longer than the file"), std::string::npos);
  EXPECT_NE(error_of("\xff\xff\xff\xff\xff\xff\xff\xff{}"s).find("longer than the file"),
            std::string::npos);
  // 16 MiB and 8 bytes of header, all there.
  EXPECT_NE(error_of("\x08\0\0\1\0\0\0\0{}"s + std::string(16'777'222, ' '))
                .find("a header of 16777224 bytes"),
            std::string::npos);
}

TEST(TensorFile, RefusesAViewThatDoesNotFitItsShape) {
  const TempDir dir;
  AtomicFile file(dir / "t");
  const std::vector<std::byte> bytes(7);
  const std::vector<TensorView> tensors{{"a", TensorType::kF32, {2}, bytes}};
  EXPECT_THROW(write_tensors(file, tensors, {}), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::storage
