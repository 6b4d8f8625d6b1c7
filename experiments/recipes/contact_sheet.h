#pragma once

// Many small images side by side in one grey picture, each with its labels written below it, for a
// look at what a dataset really holds.

#include <cstdint>
#include <span>
#include <vector>

namespace glimpse::experiments {

struct GreyPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

struct SheetShape {
  int image_width = 0;
  int image_height = 0;
  int labels_per_image = 0;  // 0: no captions
  int columns = 0;
};

// `images` one after another; the last row of the sheet may stay incomplete. Labels are 0..9.
GreyPicture make_contact_sheet(std::span<const std::uint8_t> images,
                               std::span<const std::uint8_t> labels,
                               const SheetShape& shape);

}  // namespace glimpse::experiments
