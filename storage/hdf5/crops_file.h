#pragma once

// crops.h5: some images of a dataset with what a trained network said of them and, where it takes
// glimpses, where it looked and what it saw there. Plain arrays that any HDF5 program opens
// (README.md here tells them). The first 512 bytes are a seal over the rest, so that a damaged file
// is found before the HDF5 library, which trusts what it reads, sees any of it.
//
// Errors are StorageError, naming the file. See hdf5_handle.h for threads.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace glimpse::storage {

struct CropsShape {
  std::uint64_t count = 0;  // images
  std::uint64_t height = 0;
  std::uint64_t width = 0;
  std::uint64_t digits = 0;    // per image
  std::uint64_t glimpses = 0;  // per image; 0 for a network without, which has no crops either
  std::uint64_t crop_height = 0;
  std::uint64_t crop_width = 0;

  bool operator==(const CropsShape&) const = default;
};

// Arrays lie rows first, image after image.
struct Crops {
  std::string run_id = {};   // of the trial
  std::string config = {};   // what the trial is, as JSON
  std::string split = {};    // of the dataset: "test"
  std::string weights = {};  // the network's: "best", "last"
  CropsShape shape;
  std::vector<std::uint8_t> images;
  std::vector<std::uint8_t> labels;       // count x digits, each 0..9
  std::vector<std::uint8_t> predictions;  // likewise
  std::vector<std::uint32_t> index;       // of each image in its split
  std::vector<float> theta;               // count x glimpses x 2 x 3, x first
  std::vector<float> boxes;               // count x glimpses x 4: left, top, right, bottom
  std::vector<std::uint8_t> crops;        // count x glimpses x crop_height x crop_width

  bool operator==(const Crops&) const = default;
};

// Durable when it returns, and whole or not at all. Equal crops give equal bytes. Throws
// std::invalid_argument for arrays that do not fit their shape and for what a reader would refuse.
void write_crops(const std::filesystem::path& path, const Crops& crops);
Crops load_crops(const std::filesystem::path& path);

}  // namespace glimpse::storage
