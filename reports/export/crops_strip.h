#pragma once

// One image of some crops as a picture for programs that show pictures: the image, and to the right
// of it what the network looked at, in order. Pure.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/hdf5/crops_file.h"

namespace glimpse::reports {

struct GreyPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels = {};  // rows from the top
};

// Throws std::invalid_argument where the picture would be larger than any screen.
GreyPicture draw_strip(const storage::Crops& crops, std::size_t image);

}  // namespace glimpse::reports
