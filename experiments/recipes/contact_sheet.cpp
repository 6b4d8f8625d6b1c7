#include "experiments/recipes/contact_sheet.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "experiments/recipes/builtin_digits.h"
#include "experiments/recipes/digit_set.h"

namespace glimpse::experiments {
namespace {

constexpr int kGap = 4;
constexpr int kGlyphSide = 14;
constexpr std::uint8_t kGround = 64;  // darker than ink, brighter than an image's own black

class Sheet {
 public:
  Sheet(const SheetShape& shape, int images)
      : shape_(shape),
        cell_width_(std::max(shape.image_width, shape.labels_per_image * kGlyphSide)),
        cell_height_(shape.image_height + (shape.labels_per_image > 0 ? kGlyphSide : 0)) {
    const int rows = (images + shape.columns - 1) / shape.columns;
    picture_.width = kGap + shape.columns * (cell_width_ + kGap);
    picture_.height = kGap + rows * (cell_height_ + kGap);
    picture_.pixels.resize(
        static_cast<std::size_t>(picture_.width) * static_cast<std::size_t>(picture_.height),
        kGround);
  }

  void place(int position, std::span<const std::uint8_t> image) {
    copy(image, shape_.image_width, left(position), top(position));
  }

  void caption(int position, int place, std::span<const std::uint8_t> glyph) {
    copy(glyph,
         kGlyphSide,
         left(position) + place * kGlyphSide,
         top(position) + shape_.image_height);
  }

  GreyPicture take() { return std::move(picture_); }

 private:
  [[nodiscard]] int left(int position) const {
    return kGap + position % shape_.columns * (cell_width_ + kGap);
  }
  [[nodiscard]] int top(int position) const {
    return kGap + position / shape_.columns * (cell_height_ + kGap);
  }

  void copy(std::span<const std::uint8_t> from, int width, int x, int y) {
    const auto step = static_cast<std::size_t>(width);
    for (std::size_t begin = 0; begin < from.size(); begin += step, ++y) {
      const auto to = picture_.pixels.begin() + std::ptrdiff_t{y} * picture_.width + x;
      std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(begin), step, to);
    }
  }

  SheetShape shape_;
  int cell_width_;
  int cell_height_;
  GreyPicture picture_;
};

std::array<std::vector<std::uint8_t>, 10> make_glyphs() {
  std::array<std::vector<std::uint8_t>, 10> glyphs;
  for (int digit = 0; digit < 10; ++digit) {
    auto& glyph = glyphs[static_cast<std::size_t>(digit)];
    glyph.resize(std::size_t{kGlyphSide} * kGlyphSide);
    resize_by_area(render_glyph(digit), kBuiltinSide, glyph, kGlyphSide);
  }
  return glyphs;
}

std::size_t count_images(std::size_t pixels, std::size_t labels, const SheetShape& shape) {
  if (shape.image_width < 1 || shape.image_height < 1 || shape.columns < 1 ||
      shape.labels_per_image < 0) {
    throw std::invalid_argument("contact sheet: sides and columns must be positive");
  }
  const std::size_t image_pixels =
      static_cast<std::size_t>(shape.image_width) * static_cast<std::size_t>(shape.image_height);
  const std::size_t images = pixels / image_pixels;
  if (pixels != images * image_pixels ||
      labels != images * static_cast<std::size_t>(shape.labels_per_image)) {
    throw std::invalid_argument("contact sheet: pixels or labels do not fit the images");
  }
  return images;
}

}  // namespace

GreyPicture make_contact_sheet(std::span<const std::uint8_t> images,
                               std::span<const std::uint8_t> labels,
                               const SheetShape& shape) {
  const std::size_t count = count_images(images.size(), labels.size(), shape);
  const auto glyphs = make_glyphs();
  Sheet sheet(shape, static_cast<int>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t pixels = images.size() / count;
    sheet.place(static_cast<int>(i), images.subspan(i * pixels, pixels));
    for (int place = 0; place < shape.labels_per_image; ++place) {
      const std::size_t at =
          i * static_cast<std::size_t>(shape.labels_per_image) + static_cast<std::size_t>(place);
      sheet.caption(static_cast<int>(i), place, glyphs.at(labels[at]));
    }
  }
  return sheet.take();
}

}  // namespace glimpse::experiments
