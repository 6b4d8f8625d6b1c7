#include "storage/hdf5/dataset_seal.h"

#include <gtest/gtest.h>

#include "storage/storage_error.h"

namespace glimpse::storage {
namespace {

constexpr Extents kExtents = {
    {{8192, 100}, {5000, 10}, {8292, 8}, {9000, 1}, {9500, 0}, {9990, 10}}};

std::string sealed_file(const Extents& extents, std::uint64_t size = 10'000) {
  std::string file(size, 'x');
  const auto bytes = std::as_bytes(std::span(file));
  const std::string seal = render_seal({size, extents, hash_structure(bytes, extents)});
  return file.replace(0, seal.size(), seal);
}

std::string failure(const std::string& file) {
  try {
    check_seal(std::as_bytes(std::span(file)), "data.h5");
  } catch (const StorageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(DatasetSeal, GivesBackWhereArraysLie) {
  const std::string file = sealed_file(kExtents);
  const Seal seal = check_seal(std::as_bytes(std::span(file)), "data.h5");
  EXPECT_EQ(seal.file_size, 10'000U);
  EXPECT_EQ(seal.extents, kExtents);
}

TEST(DatasetSeal, CoversEverythingButTheArrays) {
  const std::string file = sealed_file(kExtents);
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string changed = file;
    changed[i] = static_cast<char>(changed[i] + 1);
    bool is_array = false;
    for (const Extent& extent : kExtents) {
      is_array = is_array || (i >= extent.offset && i - extent.offset < extent.size);
    }
    ASSERT_EQ(failure(changed) == "accepted", is_array) << "byte " << i;
  }
}

TEST(DatasetSeal, FindsALostOrNewEnd) {
  const std::string file = sealed_file(kExtents);
  EXPECT_NE(failure(file.substr(0, 9'999)).find("lost or gained"), std::string::npos);
  EXPECT_NE(failure(file + "x").find("lost or gained"), std::string::npos);
  EXPECT_NE(failure(file.substr(0, 4'095)).find("damaged"), std::string::npos);
  EXPECT_NE(failure("").find("not a dataset made by Glimpse"), std::string::npos);
}

TEST(DatasetSeal, RefusesPlacesThatCannotBe) {
  Extents extents = kExtents;
  extents[0] = {4000, 200};  // inside the seal
  const std::string seal = render_seal({10'000, extents, 0});
  std::string file(10'000, 'x');
  EXPECT_NE(failure(file.replace(0, seal.size(), seal)).find("impossible"), std::string::npos);
  extents[0] = {9'000, UINT64_MAX};
  const std::string endless = render_seal({10'000, extents, 0});
  EXPECT_NE(failure(file.replace(0, seal.size(), endless)).find("impossible"), std::string::npos);
  extents[0] = {5'005, 10};  // across another array
  const std::string across = render_seal({10'000, extents, 0});
  EXPECT_NE(failure(file.replace(0, seal.size(), across)).find("impossible"), std::string::npos);
}

}  // namespace
}  // namespace glimpse::storage
