#include "storage/hdf5/dataset_import.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "storage/hdf5/dataset_reader.h"
#include "storage/hdf5/hdf5_handle.h"
#include "storage/storage_error.h"
#include "tests/storage/hdf5/dataset_samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::storage {
namespace {

namespace fs = std::filesystem;

struct UserArray {
  std::vector<hsize_t> shape;
  hid_t type = H5T_STD_U8LE;
  bool is_packed = false;
};

// Writes numbers 0, 1, 2, ... taken modulo `modulus`.
void write_array(hid_t file, const std::string& name, const UserArray& array, int modulus) {
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.get(), 1);
  const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  if (array.is_packed) {
    std::vector<hsize_t> chunk = array.shape;
    chunk[0] = 2;
    H5Pset_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(creation.get());
    H5Pset_deflate(creation.get(), 6);
    H5Pset_fletcher32(creation.get());
  }
  const Hdf5Handle space(
      H5Screate_simple(static_cast<int>(array.shape.size()), array.shape.data(), nullptr),
      H5Sclose);
  const Hdf5Handle data(
      H5Dcreate2(
          file, name.c_str(), array.type, space.get(), links.get(), creation.get(), H5P_DEFAULT),
      H5Dclose);
  ASSERT_GE(data.get(), 0);
  std::size_t count = 1;
  for (const hsize_t side : array.shape) {
    count *= side;
  }
  std::vector<int> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    numbers[i] = static_cast<int>(i) % modulus;
  }
  ASSERT_GE(H5Dwrite(data.get(), H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()), 0);
}

class Import : public ::testing::Test {
 protected:
  void make_file(const std::function<void(hid_t file)>& fill) {
    const Hdf5Handle file(H5Fcreate(from_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                          H5Fclose);
    fill(file.get());
  }

  static void fill(hid_t file, const UserArray& images, const UserArray& labels) {
    for (const std::string split : {"train", "valid", "test"}) {
      write_array(file, split + "/images", images, 256);
      write_array(file, split + "/labels", labels, 10);
    }
  }

  void make_plain(const UserArray& images, const UserArray& labels) {
    make_file([&](hid_t file) { fill(file, images, labels); });
  }

  DatasetInfo import() { return import_dataset(from_, to_, tests::sample_info()); }

  std::string failure() {
    std::string text = "imported";
    try {
      import();
    } catch (const StorageError& error) {
      EXPECT_EQ(error.path(), from_);
      text = error.what();
    }
    EXPECT_FALSE(fs::exists(to_));
    return text;
  }

  void expect_failure(const std::string& part) {
    const std::string text = failure();
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  tests::TempDir dir_;
  fs::path from_ = dir_ / "user.h5";
  fs::path to_ = dir_ / "ours.h5";
};

TEST_F(Import, TakesImagesAndLabelsOver) {
  make_plain({{12, 5, 7}}, {{12, 3}});
  const DatasetInfo info = import();
  const DatasetReader reader(to_);
  EXPECT_EQ(reader.info(), info);
  EXPECT_EQ(info.height, 5U);
  EXPECT_EQ(info.width, 7U);
  EXPECT_EQ(info.labels_per_image, 3U);
  EXPECT_EQ(info.provenance, tests::sample_info().provenance);
  const SplitData data = reader.load(1);
  EXPECT_EQ(data.count, 12U);
  for (std::size_t i = 0; i < data.images.size(); ++i) {
    EXPECT_EQ(std::to_integer<std::size_t>(data.images[i]), i % 256);
  }
  for (std::size_t i = 0; i < data.labels.size(); ++i) {
    EXPECT_EQ(std::to_integer<std::size_t>(data.labels[i]), i % 10);
  }
}

TEST_F(Import, TakesOneLabelPerImageWithoutADimensionForIt) {
  make_plain({{12, 5, 7}}, {{12}});
  EXPECT_EQ(import().labels_per_image, 1U);
}

TEST_F(Import, TakesLabelsOfAnyWidth) {
  make_plain({{12, 5, 7}}, {{12, 2}, H5T_STD_I64BE});
  import();
  const DatasetReader reader(to_);
  EXPECT_EQ(std::to_integer<int>(reader.load(0).labels[9]), 9);
}

TEST_F(Import, UnpacksUsualCompression) {
  make_plain({{12, 5, 7}, H5T_STD_U8LE, true}, {{12, 2}, H5T_STD_I32LE, true});
  import();
  const DatasetReader reader(to_);
  EXPECT_EQ(std::to_integer<int>(reader.load(2).images[35]), 35);
}

TEST_F(Import, ReadsManyImagesInPieces) {
  make_plain({{700, 100, 100}}, {{700}});
  import();
  const DatasetReader reader(to_);
  const SplitData data = reader.load(0);
  EXPECT_EQ(std::to_integer<int>(data.images[6'999'999]), 6'999'999 % 256);
  EXPECT_EQ(std::to_integer<int>(data.labels[699]), 9);
}

TEST_F(Import, ExplainsHowToStoreFloats) {
  make_plain({{12, 5, 7}, H5T_IEEE_F32LE}, {{12}});
  expect_failure("multiply by 255");
}

TEST_F(Import, SaysWhatASplitNeeds) {
  make_file([](hid_t file) {
    write_array(file, "train/images", {{12, 5, 7}}, 256);
    write_array(file, "train/labels", {{12}}, 10);
  });
  expect_failure("it has no group valid (needed: groups train, valid and test");
}

TEST_F(Import, RefusesLabelsThatAreNoDigits) {
  make_file([](hid_t file) {
    fill(file, {{12, 5, 7}}, {{12}});
    H5Ldelete(file, "test/labels", H5P_DEFAULT);
    write_array(file, "test/labels", {{12}, H5T_STD_I16LE}, 11);
  });
  expect_failure("test/labels hold 10");
}

TEST_F(Import, RefusesOtherTypes) {
  make_plain({{12, 5, 7}, H5T_STD_I16LE}, {{12}});
  expect_failure("train/images are not uint8");
  make_plain({{12, 5, 7}}, {{12}, H5T_IEEE_F64LE});
  expect_failure("train/labels are not whole numbers");
}

TEST_F(Import, RefusesShapesThatDisagree) {
  make_plain({{12, 5, 7}}, {{11}});
  expect_failure("images of shape 12 x 5 x 7 and labels of shape 11");
  make_plain({{12, 35}}, {{12}});
  expect_failure("images of shape 12 x 35");
  make_plain({{12, 5, 7}}, {{12, 1, 1}});
  expect_failure("labels of shape 12 x 1 x 1");
  make_file([](hid_t file) {
    fill(file, {{12, 5, 7}}, {{12}});
    H5Ldelete(file, "valid/images", H5P_DEFAULT);
    write_array(file, "valid/images", {{12, 7, 5}}, 256);
  });
  expect_failure("valid have another shape");
}

TEST_F(Import, RefusesEmptySplits) {
  make_plain({{0, 5, 7}}, {{0}});
  expect_failure("0 images in train");
}

// A few kilobytes that HDF5 reads as terabytes of zeros.
TEST_F(Import, RefusesNumbersThatWereNeverStored) {
  for (const hsize_t count : {hsize_t{100'000}, hsize_t{1} << 30}) {
    make_file([&](hid_t file) {
      fill(file, {{12, 5, 7}}, {{12, 3}});
      H5Ldelete(file, "valid", H5P_DEFAULT);
      const Hdf5Handle group(H5Gcreate2(file, "valid", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                             H5Gclose);
      const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
      const std::vector<hsize_t> chunk = {1000, 5, 7};
      const std::vector<hsize_t> shape = {count, 5, 7};
      H5Pset_chunk(creation.get(), 3, chunk.data());
      const Hdf5Handle space(H5Screate_simple(3, shape.data(), nullptr), H5Sclose);
      const Hdf5Handle images(H5Dcreate2(group.get(),
                                         "images",
                                         H5T_STD_U8LE,
                                         space.get(),
                                         H5P_DEFAULT,
                                         creation.get(),
                                         H5P_DEFAULT),
                              H5Dclose);
      const Hdf5Handle rows(H5Screate_simple(1, shape.data(), nullptr), H5Sclose);
      const Hdf5Handle labels(H5Dcreate2(group.get(),
                                         "labels",
                                         H5T_STD_U8LE,
                                         rows.get(),
                                         H5P_DEFAULT,
                                         H5P_DEFAULT,
                                         H5P_DEFAULT),
                              H5Dclose);
    });
    expect_failure("valid/images claims to be " + std::to_string(count) + " x 5 x 7");
  }
}

TEST_F(Import, UnpacksWhatGzipPacksBest) {
  make_file([](hid_t file) {
    for (const std::string split : {"train", "valid", "test"}) {
      write_array(file, split + "/images", {{400, 100, 100}, H5T_STD_U8LE, true}, 1);
      write_array(file, split + "/labels", {{400, 3}}, 10);
    }
  });
  EXPECT_EQ(import().splits[0].count, 400U);
}

TEST_F(Import, DoesNotFollowLinks) {
  make_file([](hid_t file) {
    fill(file, {{12, 5, 7}}, {{12}});
    H5Ldelete(file, "valid", H5P_DEFAULT);
    H5Lcreate_external("/etc/other.h5", "/x", file, "valid", H5P_DEFAULT, H5P_DEFAULT);
  });
  expect_failure("valid is a link to elsewhere");
}

TEST_F(Import, DoesNotLoadFilters) {
  make_file([](hid_t file) {
    fill(file, {{12, 5, 7}}, {{12}});
    H5Ldelete(file, "train/images", H5P_DEFAULT);
    const std::vector<hsize_t> shape = {12, 5, 7};
    const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_chunk(creation.get(), 3, shape.data());
    H5Pset_filter(creation.get(), 32001, H5Z_FLAG_OPTIONAL, 0, nullptr);
    const Hdf5Handle space(H5Screate_simple(3, shape.data(), nullptr), H5Sclose);
    const Hdf5Handle data(H5Dcreate2(file,
                                     "train/images",
                                     H5T_STD_U8LE,
                                     space.get(),
                                     H5P_DEFAULT,
                                     creation.get(),
                                     H5P_DEFAULT),
                          H5Dclose);
  });
  expect_failure("filter 32001");
}

TEST_F(Import, TellsMissingFilesFromForeignOnes) {
  expect_failure("no such file");
  tests::save_bytes(from_, "hello");
  expect_failure("not an HDF5 file");
}

}  // namespace
}  // namespace glimpse::storage
