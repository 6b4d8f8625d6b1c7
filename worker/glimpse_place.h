#pragma once

// Where in an image a glimpse lies, from its affine transform. Pure functions; pixel centres lie at
// whole numbers.

#include <array>
#include <cstdint>
#include <span>

#include "experiments/value.h"

namespace glimpse::worker {

inline constexpr std::size_t kThetaNumbers = 6;  // rows [a b tx; c d ty], x first

// Pixels from the coordinate -1, which is the first pixel's centre, to +1.
struct Reach {
  double width = 0;
  double height = 0;
};

// By the trial's parameter `sampler`: to the last pixel's centre, or with lasagne2015 to the one
// behind it.
Reach image_reach(const experiments::Assignment& parameters,
                  std::uint64_t width,
                  std::uint64_t height);

struct ImagePoint {
  double x = 0;
  double y = 0;
};

// Top left, top right, bottom right and bottom left as the glimpse itself sees them.
std::array<ImagePoint, 4> glimpse_corners(std::span<const float> theta, const Reach& reach);

// Left, top, right, bottom: what encloses the corners, in the image or not.
std::array<float, 4> glimpse_box(std::span<const float> theta, const Reach& reach);

}  // namespace glimpse::worker
