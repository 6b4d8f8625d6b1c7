#include "storage/hdf5/dataset_reader.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "storage/hdf5/hdf5_handle.h"
#include "storage/hdf5/hdf5_objects.h"
#include "storage/storage_error.h"
#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

// Files whose seal holds although HDF5 finds something else in them than a dataset of ours: what
// somebody would make who knows the seal.
class SealedFile : public ::testing::Test {
 protected:
  SealedFile() { tests::write_sample(path_); }

  void change(const std::function<void(hid_t file)>& change) {
    fs::permissions(path_, fs::perms::owner_write, fs::perm_options::add);
    {
      const Hdf5Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
      ASSERT_GE(file.get(), 0);
      change(file.get());
    }
    seal_again();
  }

  // Replaces an array by one of other make.
  void replace(
      const char* name,
      const std::vector<hsize_t>& shape,
      hid_t type = H5T_STD_U8LE,
      const std::function<void(hid_t)>& adjust = [](hid_t) {}) {
    change([&](hid_t file) {
      ASSERT_GE(H5Ldelete(file, name, H5P_DEFAULT), 0);
      const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
      H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY);
      adjust(creation.get());
      const Hdf5Handle space(
          H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose);
      const Hdf5Handle array(
          H5Dcreate2(file, name, type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
          H5Dclose);
      ASSERT_GE(array.get(), 0);
      write_text(array.get(), "xxh3", std::string(16, '0'));
    });
  }

  static void write_text(hid_t object, const char* name, const std::string& text) {
    const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), text.size());
    H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
    const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Handle attribute(
        H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    ASSERT_GE(H5Awrite(attribute.get(), type.get(), text.c_str()), 0);
  }

  [[nodiscard]] std::string failure() const {
    try {
      tests::read_everything(path_);
    } catch (const StorageError& error) {
      EXPECT_EQ(error.path(), path_);
      EXPECT_NE(std::string(error.what()).find(path_.string()), std::string::npos);
      return error.what();
    }
    return "accepted";
  }

  void expect_failure(const std::string& part) const {
    EXPECT_NE(failure().find(part), std::string::npos) << failure();
  }

  tests::TempDir dir_;
  fs::path path_ = dir_ / "data.h5";

 private:
  static Extent place_of(hid_t file, const std::string& name, std::uint64_t file_size) {
    const Hdf5Handle array(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose);
    const haddr_t offset = array.get() < 0 ? HADDR_UNDEF : H5Dget_offset(array.get());
    return offset == HADDR_UNDEF ? Extent{file_size, 0}
                                 : Extent{offset, H5Dget_storage_size(array.get())};
  }

  void seal_again() {
    std::string bytes = tests::load_bytes(path_);
    Extents extents;
    {
      const Hdf5Task quiet("seal", path_, StorageFault::kIo);
      const Hdf5Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
      for (std::size_t i = 0; i < extents.size(); ++i) {
        const std::string name =
            std::string(kDatasetSplits[i / 2]) + (i % 2 == 0 ? "/images" : "/labels");
        extents[i] = place_of(file.get(), name, bytes.size());
      }
    }
    const std::string seal = render_seal(
        {bytes.size(), extents, hash_structure(std::as_bytes(std::span(bytes)), extents)});
    tests::save_bytes(path_, bytes.replace(0, seal.size(), seal));
  }
};

TEST_F(SealedFile, IsAcceptedWhenNothingIsWrong) {
  change([](hid_t) {});
  EXPECT_EQ(failure(), "accepted");
}

TEST_F(SealedFile, MayNotHoldLinksToElsewhere) {
  change([](hid_t file) {
    H5Lmove(file, "train/images", file, "kept", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/kept", file, "train/images", H5P_DEFAULT, H5P_DEFAULT);
  });
  expect_failure("images is a link to elsewhere");
}

TEST_F(SealedFile, MayNotHoldLinksToOtherFiles) {
  tests::write_sample(dir_ / "other.h5");
  change([](hid_t file) {
    H5Ldelete(file, "train", H5P_DEFAULT);
    H5Lcreate_external("other.h5", "/train", file, "train", H5P_DEFAULT, H5P_DEFAULT);
  });
  expect_failure("train is a link to elsewhere");
}

TEST_F(SealedFile, MayNotKeepDataInOtherFiles) {
  tests::save_bytes(dir_ / "raw", std::string(40 * 24 * 32, 'x'));
  replace("train/images", {40, 24, 32}, H5T_STD_U8LE, [&](hid_t creation) {
    H5Pset_external(creation, (dir_ / "raw").c_str(), 0, 40 * 24 * 32);
  });
  expect_failure("images keeps its data in other files");
}

TEST_F(SealedFile, MayNotHoldVirtualDatasets) {
  replace("train/labels", {40, 2}, H5T_STD_U8LE, [&](hid_t creation) {
    H5Pset_alloc_time(creation, H5D_ALLOC_TIME_DEFAULT);
    const std::vector<hsize_t> shape = {40, 2};
    const Hdf5Handle space(H5Screate_simple(2, shape.data(), nullptr), H5Sclose);
    H5Pset_virtual(creation, space.get(), "other.h5", "/train/labels", space.get());
  });
  expect_failure("labels is a virtual dataset");
}

TEST_F(SealedFile, MayNotHoldChunksOrFilters) {
  const std::vector<hsize_t> chunk = {1, 24, 32};
  const auto chunked = [&](hid_t creation) { H5Pset_chunk(creation, 3, chunk.data()); };
  replace("train/images", {40, 24, 32}, H5T_STD_U8LE, chunked);
  expect_failure("not stored as plain bytes");
  replace("train/images", {40, 24, 32}, H5T_STD_U8LE, [&](hid_t creation) {
    chunked(creation);
    H5Pset_deflate(creation, 6);
  });
  expect_failure("not stored as plain bytes");
  replace("train/images", {40, 24, 32}, H5T_STD_U8LE, [&](hid_t creation) {
    chunked(creation);
    H5Pset_filter(creation, 32001, H5Z_FLAG_OPTIONAL, 0, nullptr);
  });
  expect_failure("filter 32001");
}

TEST_F(SealedFile, MayNotHoldChunksOfAbsurdSize) {
  const std::vector<hsize_t> chunk = {1U << 15, 1U << 15, 1};
  replace("train/images", {1U << 15, 1U << 15, 1}, H5T_STD_U8LE, [&](hid_t creation) {
    H5Pset_alloc_time(creation, H5D_ALLOC_TIME_INCR);
    H5Pset_chunk(creation, 3, chunk.data());
  });
  expect_failure("chunks of absurd size");
}

TEST_F(SealedFile, MayNotKeepArraysInsideHeaders) {
  replace("test/labels", {9, 2}, H5T_STD_U8LE, [](hid_t creation) {
    H5Pset_layout(creation, H5D_COMPACT);
  });
  expect_failure("not stored as plain bytes");
}

TEST_F(SealedFile, MustHoldBytes) {
  replace("train/images", {40, 24, 32}, H5T_STD_I8LE);
  expect_failure("not stored as plain bytes");
  replace("train/images", {40, 24, 16}, H5T_STD_U16LE);
  expect_failure("not stored as plain bytes");
}

TEST_F(SealedFile, MustHaveTheRightDimensions) {
  replace("train/images", {40, 24 * 32});
  expect_failure("images of shape 40 x 768");
  replace("train/images", {40, 24, 32, 1});
  expect_failure("images of shape 40 x 24 x 32 x 1");
}

TEST_F(SealedFile, MustAgreeInCountsAndShapes) {
  replace("train/labels", {41, 2});
  expect_failure("images of shape 40 x 24 x 32 and labels of shape 41 x 2");
  replace("train/labels", {40, 2});
  replace("valid/images", {12, 32, 24});
  expect_failure("valid has other shapes than train");
}

TEST_F(SealedFile, MustHoldImages) {
  replace("train/images", {0, 24, 32});
  EXPECT_NE(failure(), "accepted");
}

TEST_F(SealedFile, MustHoldEverySplit) {
  change([](hid_t file) { H5Ldelete(file, "valid", H5P_DEFAULT); });
  expect_failure("it has no valid");
}

TEST_F(SealedFile, MayNotPutAGroupWhereAnArrayBelongs) {
  change([](hid_t file) {
    H5Ldelete(file, "test/labels", H5P_DEFAULT);
    const Hdf5Handle group(H5Gcreate2(file, "test/labels", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                           H5Gclose);
  });
  expect_failure("labels is no array");
}

TEST_F(SealedFile, MustSayWhatItIs) {
  change([](hid_t file) { H5Adelete(file, "identity"); });
  expect_failure("it has no attribute identity");
  change([](hid_t file) { write_text(file, "identity", "../../etc/passwd"); });
  expect_failure("the identity is not 64 hex digits");
}

TEST_F(SealedFile, MayNotHoldTextsOfUnknownLength) {
  change([](hid_t file) {
    H5Adelete(file, "recipe_text");
    const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Hdf5Handle attribute(
        H5Acreate2(file, "recipe_text", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
        H5Aclose);
    const char* text = "endless";
    H5Awrite(attribute.get(), type.get(), &text);
  });
  expect_failure("attribute recipe_text is no text of fixed length");
}

TEST_F(SealedFile, MustBeOfAKnownFormat) {
  change([](hid_t file) {
    H5Adelete(file, "format");
    write_text(file, "format", "glimpse-dataset-2");
  });
  expect_failure("another version of Glimpse");
}

TEST_F(SealedFile, MustMatchItsHashes) {
  change([](hid_t file) {
    const Hdf5Handle array(H5Dopen2(file, "train/images", H5P_DEFAULT), H5Dclose);
    H5Adelete(array.get(), "xxh3");
    write_text(array.get(), "xxh3", "0123456789abcdef");
  });
  expect_failure("the bytes of train/images are damaged");
  const DatasetReader reader(path_);
  EXPECT_EQ(reader.load(0, HashCheck::kSkip).count, 40U);
}

TEST_F(SealedFile, MayNotHoldLabelsPastNine) {
  change([](hid_t file) {
    const Hdf5Handle array(H5Dopen2(file, "test/labels", H5P_DEFAULT), H5Dclose);
    const std::vector<std::uint8_t> labels(18, 10);
    H5Dwrite(array.get(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels.data());
  });
  const DatasetReader reader(path_);
  EXPECT_THROW((void)reader.load(2, HashCheck::kSkip), StorageError);
  EXPECT_NO_THROW((void)reader.load(1));
}

std::string open_failure(const fs::path& path, StorageFault fault) {
  try {
    const DatasetReader reader(path);
  } catch (const StorageError& error) {
    EXPECT_EQ(error.fault(), fault);
    return error.what();
  }
  return "opened";
}

TEST(DatasetReader, NamesAMissingFile) {
  EXPECT_NE(open_failure("/absent/data.h5", StorageFault::kMissing).find("/absent/data.h5"),
            std::string::npos);
}

TEST(DatasetReader, SendsFilesOfOthersToImport) {
  const tests::TempDir dir;
  {
    const Hdf5Handle file(
        H5Fcreate((dir / "user.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  }
  EXPECT_NE(open_failure(dir / "user.h5", StorageFault::kForeign).find("dataset import"),
            std::string::npos);
  tests::save_bytes(dir / "empty.h5", "");
  EXPECT_NE(open_failure(dir / "empty.h5", StorageFault::kForeign), "opened");
}

TEST(DatasetReader, MovesTwice) {
  const tests::TempDir dir;
  tests::write_sample(dir / "data.h5");
  DatasetReader first(dir / "data.h5");
  DatasetReader second = std::move(first);
  DatasetReader third = std::move(second);
  EXPECT_EQ(third.load(0).count, 40U);
}

}  // namespace
}  // namespace glimpse::storage
