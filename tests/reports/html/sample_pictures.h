#pragma once

// Pictures as a trained network might have kept them: cluttered sequences of built-in digits, with
// glimpses near the digits.

#include <cstddef>
#include <vector>

#include "reports/html/page_content.h"

namespace glimpse::reports {

struct SampleReader {
  std::string model;
  std::string run_id;
  int downsample = 0;         // of the glimpses; 0: the model takes none
  int wrong_per_hundred = 0;  // of the digits
};

std::vector<GalleryItem> read_pictures(const SampleReader& reader, std::size_t count);

}  // namespace glimpse::reports
