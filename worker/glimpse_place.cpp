#include "worker/glimpse_place.h"

#include <algorithm>

namespace glimpse::worker {

Reach image_reach(const experiments::Assignment& parameters,
                  std::uint64_t width,
                  std::uint64_t height) {
  const auto sampler = parameters.find("sampler");
  const bool reaches_behind =
      sampler != parameters.end() && sampler->second == experiments::Value("lasagne2015");
  const double shorter = reaches_behind ? 0 : 1;
  return {.width = static_cast<double>(width) - shorter,
          .height = static_cast<double>(height) - shorter};
}

std::array<ImagePoint, 4> glimpse_corners(std::span<const float> theta, const Reach& reach) {
  const auto place = [&](double x, double y) {
    return ImagePoint{.x = (theta[0] * x + theta[1] * y + theta[2] + 1) / 2 * reach.width,
                      .y = (theta[3] * x + theta[4] * y + theta[5] + 1) / 2 * reach.height};
  };
  return {place(-1, -1), place(1, -1), place(1, 1), place(-1, 1)};
}

std::array<float, 4> glimpse_box(std::span<const float> theta, const Reach& reach) {
  const auto corners = glimpse_corners(theta, reach);
  const auto [left, right] = std::ranges::minmax(corners, {}, &ImagePoint::x);
  const auto [top, bottom] = std::ranges::minmax(corners, {}, &ImagePoint::y);
  return {static_cast<float>(left.x),
          static_cast<float>(top.y),
          static_cast<float>(right.x),
          static_cast<float>(bottom.y)};
}

}  // namespace glimpse::worker
