#pragma once

// Crops as a picture for people. Each image stands enlarged beside its crops: the outline of a
// glimpse has the colour of its crop's frame. Below the crops stand two lines of digits: what the
// network said, red and framed where it is wrong, and smaller what was right. Pure.

#include <cstdint>
#include <vector>

#include "storage/hdf5/crops_file.h"
#include "worker/glimpse_place.h"

namespace glimpse::worker {

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // red, green, blue; rows from the top
};

Picture draw_crops(const storage::Crops& crops, const Reach& reach);

}  // namespace glimpse::worker
