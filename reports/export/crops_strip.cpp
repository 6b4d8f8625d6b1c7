#include "reports/export/crops_strip.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

namespace glimpse::reports {
namespace {

using storage::CropsShape;

constexpr std::uint8_t kGround = 128;  // neither the ground of images nor their ink
constexpr std::uint64_t kGap = 2;
constexpr std::uint64_t kMaxSide = 1U << 14;

struct Size {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};

Size size_of(const CropsShape& shape) {
  const bool is_small =
      shape.width <= kMaxSide && shape.glimpses <= kMaxSide && shape.crop_width <= kMaxSide;
  const Size size{.width = shape.width + shape.glimpses * (kGap + shape.crop_width),
                  .height = std::max(shape.height, shape.crop_height)};
  if (!is_small || size.width > kMaxSide || size.height > kMaxSide) {
    throw std::invalid_argument("crops of " + std::to_string(shape.glimpses) +
                                " glimpses are too large for a picture");
  }
  return size;
}

void paste(std::span<const std::uint8_t> pixels,
           std::size_t width,
           std::size_t left,
           GreyPicture& picture) {
  for (std::size_t row = 0; row * width < pixels.size(); ++row) {
    const auto from = pixels.subspan(row * width, width);
    const std::size_t start = row * static_cast<std::size_t>(picture.width) + left;
    std::copy(
        from.begin(), from.end(), picture.pixels.begin() + static_cast<std::ptrdiff_t>(start));
  }
}

}  // namespace

GreyPicture draw_strip(const storage::Crops& crops, std::size_t image) {
  const CropsShape& shape = crops.shape;
  const Size size = size_of(shape);
  GreyPicture picture{.width = static_cast<int>(size.width),
                      .height = static_cast<int>(size.height),
                      .pixels = std::vector<std::uint8_t>(size.width * size.height, kGround)};
  const std::size_t image_bytes = shape.height * shape.width;
  paste(std::span(crops.images).subspan(image * image_bytes, image_bytes), shape.width, 0, picture);
  const std::size_t crop_bytes = shape.crop_height * shape.crop_width;
  for (std::size_t glimpse = 0; glimpse < shape.glimpses; ++glimpse) {
    const std::size_t number = image * shape.glimpses + glimpse;
    paste(std::span(crops.crops).subspan(number * crop_bytes, crop_bytes),
          shape.crop_width,
          shape.width + kGap + glimpse * (kGap + shape.crop_width),
          picture);
  }
  return picture;
}

}  // namespace glimpse::reports
