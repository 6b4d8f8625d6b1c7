#include "storage/hdf5/crops_file.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "storage/files/xxh3.h"
#include "storage/storage_error.h"
#include "tests/storage/hdf5/crops_samples.h"
#include "tests/support/temp_dir.h"

namespace glimpse::tests {
namespace {

using storage::Crops;
using storage::StorageError;
using storage::StorageFault;

TEST(CropsFile, GivesBackWhatWasWritten) {
  const TempDir dir;
  write_crops(dir / "crops.h5", sample_crops());
  EXPECT_EQ(storage::load_crops(dir / "crops.h5"), sample_crops());
}

TEST(CropsFile, HasNoCropsWithoutGlimpses) {
  const TempDir dir;
  write_crops(dir / "crops.h5", sample_crops_without_glimpses());
  EXPECT_EQ(storage::load_crops(dir / "crops.h5"), sample_crops_without_glimpses());
}

TEST(CropsFile, KeepsOnlyTheNewest) {
  const TempDir dir;
  write_crops(dir / "crops.h5", sample_crops());
  write_crops(dir / "crops.h5", sample_crops_without_glimpses());
  EXPECT_EQ(storage::load_crops(dir / "crops.h5"), sample_crops_without_glimpses());
}

TEST(CropsFile, OfEqualCropsHasEqualBytes) {
  const TempDir dir;
  write_crops(dir / "a.h5", sample_crops());
  write_crops(dir / "b.h5", sample_crops());
  EXPECT_EQ(load_bytes(dir / "a.h5"), load_bytes(dir / "b.h5"));
}

TEST(CropsFile, RefusesToWriteWhatDoesNotFit) {
  const std::vector<std::function<void(Crops&)>> mistakes = {
      [](Crops& crops) { crops.images.pop_back(); },
      [](Crops& crops) { crops.labels.push_back(1); },
      [](Crops& crops) { crops.predictions[3] = 10; },
      [](Crops& crops) { crops.index.clear(); },
      [](Crops& crops) { crops.theta.pop_back(); },
      [](Crops& crops) { crops.boxes.clear(); },
      [](Crops& crops) { crops.crops.push_back(0); },
      [](Crops& crops) { crops.shape.count = 0; },
      [](Crops& crops) { crops.shape.glimpses = 0; },
      [](Crops& crops) { crops.shape.crop_width = 0; },
      [](Crops& crops) { crops.shape.height = 1ULL << 62; },
      [](Crops& crops) { crops.config = std::string(1U << 16, 'x'); },
      [](Crops& crops) { crops.split = std::string(1, '\0'); }};
  const TempDir dir;
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    Crops crops = sample_crops();
    mistakes[i](crops);
    EXPECT_THROW(write_crops(dir / "crops.h5", crops), std::invalid_argument) << i;
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "crops.h5"));
}

StorageFault fault_of(const std::filesystem::path& path) {
  try {
    storage::load_crops(path);
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    return error.fault();
  }
  ADD_FAILURE() << "read";
  return StorageFault::kIo;
}

TEST(CropsFile, IsToldFromOthers) {
  const TempDir dir;
  EXPECT_EQ(fault_of(dir / "none.h5"), StorageFault::kMissing);
  save_bytes(dir / "empty.h5", "");
  EXPECT_EQ(fault_of(dir / "empty.h5"), StorageFault::kForeign);
  save_bytes(dir / "text.h5", "glimpse crops, format 2\n");
  EXPECT_EQ(fault_of(dir / "text.h5"), StorageFault::kForeign);
  write_crops(dir / "crops.h5", sample_crops());
  save_bytes(dir / "short.h5", load_bytes(dir / "crops.h5").substr(0, 100));
  EXPECT_EQ(fault_of(dir / "short.h5"), StorageFault::kDamaged);
}

// Somebody changes a whole file and seals it again.
class ForgedCrops : public testing::Test {
 protected:
  ForgedCrops() : path_(dir_ / "crops.h5") { write_crops(path_, sample_crops()); }

  StorageFault fault_after(const std::function<void(hid_t file)>& change) {
    const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    change(file);
    H5Fclose(file);
    std::string bytes = load_bytes(path_);
    const std::string content = bytes.substr(512);
    std::string seal = "glimpse crops, format 1\nsize " + std::to_string(bytes.size()) + "\nxxh3 " +
                       storage::render_hash(storage::xxh3(content)) + "\n";
    seal.resize(512, '\0');
    std::filesystem::remove(path_);
    save_bytes(path_, seal + content);
    return fault_of(path_);
  }

  static void replace(hid_t file, const char* name, hid_t type, std::vector<hsize_t> shape) {
    H5Ldelete(file, name, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(
        creation, static_cast<int>(shape.size()), std::vector<hsize_t>(shape.size(), 1).data());
    H5Dclose(H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    H5Sclose(space);
  }

  TempDir dir_;
  std::filesystem::path path_;
};

TEST_F(ForgedCrops, LackAnArrayOrAnAttribute) {
  EXPECT_EQ(fault_after([](hid_t file) { H5Ldelete(file, "boxes", H5P_DEFAULT); }),
            StorageFault::kForeign);
  write_crops(path_, sample_crops());
  EXPECT_EQ(fault_after([](hid_t file) { H5Adelete(file, "run_id"); }), StorageFault::kForeign);
}

TEST_F(ForgedCrops, DeclareMoreThanMemoryHolds) {
  EXPECT_EQ(fault_after([](hid_t file) {
              replace(file, "images", H5T_STD_U8LE, {1ULL << 40, 1ULL << 20, 16});
            }),
            StorageFault::kForeign);
}

TEST_F(ForgedCrops, HaveAnotherTypeOrShape) {
  const std::vector<std::pair<hid_t, std::vector<hsize_t>>> wrong = {
      {H5T_IEEE_F64LE, {5}}, {H5T_STD_U32LE, {6}}, {H5T_STD_U32LE, {5, 1}}, {H5T_STD_I32LE, {5}}};
  for (const auto& [type, shape] : wrong) {
    write_crops(path_, sample_crops());
    EXPECT_EQ(fault_after([&](hid_t file) { replace(file, "index", type, shape); }),
              StorageFault::kForeign);
  }
}

TEST_F(ForgedCrops, LeadToAnotherFile) {
  EXPECT_EQ(fault_after([](hid_t file) {
              H5Ldelete(file, "crops", H5P_DEFAULT);
              H5Lcreate_external("/etc/passwd", "crops", file, "crops", H5P_DEFAULT, H5P_DEFAULT);
            }),
            StorageFault::kRefused);
}

TEST_F(ForgedCrops, HoldADigitThatIsNone) {
  EXPECT_EQ(fault_after([](hid_t file) {
              const std::vector<std::uint8_t> labels(10, 10);
              const hid_t array = H5Dopen2(file, "labels", H5P_DEFAULT);
              H5Dwrite(array, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels.data());
              H5Dclose(array);
            }),
            StorageFault::kForeign);
}

}  // namespace
}  // namespace glimpse::tests
