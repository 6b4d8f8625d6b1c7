#pragma once

// A small dataset whose every byte is a function of its place, and ways to write and read it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/hdf5/dataset_info.h"
#include "storage/hdf5/dataset_reader.h"

namespace glimpse::tests {

// 40, 12 and 9 images of 24x32 with two labels: some tens of kilobytes.
storage::DatasetInfo sample_info();
std::vector<std::uint8_t> sample_images(const storage::DatasetInfo& info, std::size_t split);
std::vector<std::uint8_t> sample_labels(const storage::DatasetInfo& info, std::size_t split);

// Appends in pieces of so many images.
storage::DatasetInfo write_sample(const std::filesystem::path& path, std::uint64_t piece = 7);

// All that a reader of the file gets to see, hashes verified, as one text.
std::string read_everything(const std::filesystem::path& path);

}  // namespace glimpse::tests
