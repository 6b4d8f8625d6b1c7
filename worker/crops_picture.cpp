#include "worker/crops_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "experiments/recipes/builtin_digits.h"
#include "experiments/recipes/digit_set.h"

namespace glimpse::worker {
namespace {

using storage::Crops;
using storage::CropsShape;

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

constexpr Color kGround = {56, 56, 56};
constexpr Color kInk = {255, 255, 255};
constexpr Color kPale = {170, 170, 170};
// The palette of Okabe and Ito, told apart by colour-blind people too.
constexpr Color kWrong = {213, 94, 0};
constexpr std::array<Color, 6> kGlimpseColors = {
    {{230, 159, 0}, {86, 180, 233}, {0, 158, 115}, {204, 121, 167}, {240, 228, 66}, {0, 114, 178}}};

constexpr int kGap = 8;
constexpr int kFrame = 2;
constexpr int kLargeDigit = experiments::kBuiltinSide;
constexpr int kSmallDigit = experiments::kBuiltinSide / 2;
constexpr int kImageSide = 216;  // what images are enlarged to, about
constexpr int kMaxColumns = 3;
constexpr int kMaxSide = 8192;  // of a picture that holds more than one image

struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

class Canvas {
 public:
  Canvas(int width, int height) {
    picture_.width = width;
    picture_.height = height;
    picture_.pixels.assign(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                           kGround.red);
  }

  void set(int x, int y, const Color& color) {
    const auto at = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture_.width) +
                         static_cast<std::size_t>(x));
    picture_.pixels[at] = color.red;
    picture_.pixels[at + 1] = color.green;
    picture_.pixels[at + 2] = color.blue;
  }

  // A box of the given colour, as bright as `levels`, which are enlarged to fill it.
  void draw(const Box& box, std::span<const std::uint8_t> levels, int zoom, const Color& color) {
    const auto row = static_cast<std::size_t>(box.width / zoom);
    for (int y = 0; y < box.height; ++y) {
      for (int x = 0; x < box.width; ++x) {
        const int level =
            levels[static_cast<std::size_t>(y / zoom) * row + static_cast<std::size_t>(x / zoom)];
        const auto part = [level](std::uint8_t full) {
          return static_cast<std::uint8_t>(full * level / 255);
        };
        set(box.x + x, box.y + y, {part(color.red), part(color.green), part(color.blue)});
      }
    }
  }

  // Around the box.
  void frame(const Box& box, const Color& color) {
    for (int y = -kFrame; y < box.height + kFrame; ++y) {
      for (int x = -kFrame; x < box.width + kFrame; ++x) {
        if (x < 0 || y < 0 || x >= box.width || y >= box.height) {
          set(box.x + x, box.y + y, color);
        }
      }
    }
  }

  // As much as lies within the box, wherever the ends are; nothing where they are not finite.
  void line(const Box& box, const ImagePoint& from, const ImagePoint& to, const Color& color) {
    const double along_x = to.x - from.x;
    const double along_y = to.y - from.y;
    const double length2 = along_x * along_x + along_y * along_y;
    for (int y = 0; y < box.height; ++y) {
      for (int x = 0; x < box.width; ++x) {
        const double dx = x + 0.5 - from.x;
        const double dy = y + 0.5 - from.y;
        const double share =
            length2 > 0 ? std::clamp((dx * along_x + dy * along_y) / length2, 0.0, 1.0) : 0;
        if (std::hypot(dx - share * along_x, dy - share * along_y) <= kFrame / 2.0) {
          set(box.x + x, box.y + y, color);
        }
      }
    }
  }

  Picture take() { return std::move(picture_); }

 private:
  Picture picture_;
};

// Places within the cell of one image.
struct Layout {
  explicit Layout(const CropsShape& shape)
      : zoom(std::clamp(kImageSide / static_cast<int>(std::max(shape.width, shape.height)), 1, 8)),
        image{.x = 0, .y = 0, .width = scaled(shape.width), .height = scaled(shape.height)},
        crop_width(scaled(shape.crop_width)),
        crop_height(scaled(shape.crop_height)),
        digit_step(shape.glimpses == shape.digits ? crop_step() : kLargeDigit + kGap) {
    const int digits_end = digit(static_cast<int>(shape.digits)).x;
    width = std::max(digits_end, crop(static_cast<int>(shape.glimpses)).x);
    height = std::max(image.height, digit(0).y + kLargeDigit + kGap + kSmallDigit);
  }

  [[nodiscard]] Box crop(int glimpse) const {
    return {.x = image.width + kGap + glimpse * crop_step(),
            .y = kFrame,
            .width = crop_width,
            .height = crop_height};
  }
  [[nodiscard]] Box digit(int place) const {
    return {.x = image.width + kGap + place * digit_step,
            .y = crop_height > 0 ? crop_height + 2 * kFrame + kGap : kFrame,
            .width = kLargeDigit,
            .height = kLargeDigit};
  }
  [[nodiscard]] int crop_step() const { return std::max(crop_width, kLargeDigit) + kGap; }
  [[nodiscard]] int scaled(std::uint64_t side) const { return static_cast<int>(side) * zoom; }

  int zoom;
  Box image;
  int crop_width;
  int crop_height;
  int digit_step;
  int width = 0;
  int height = 0;
};

Box moved(Box box, const Box& by) {
  box.x += by.x;
  box.y += by.y;
  return box;
}

class Drawing {
 public:
  Drawing(const Crops& crops, const Reach& reach)
      : crops_(crops),
        reach_(reach),
        layout_(crops.shape),
        columns_(std::clamp((kMaxSide - kGap) / (layout_.width + kGap), 1, kMaxColumns)),
        rows_(std::max((kMaxSide - kGap) / (layout_.height + kGap), 1)),
        shown_(std::min(static_cast<int>(crops.shape.count), columns_ * rows_)),
        canvas_(kGap + std::min(columns_, shown_) * (layout_.width + kGap),
                kGap + (shown_ + columns_ - 1) / columns_ * (layout_.height + kGap)) {}

  Picture draw() {
    for (int number = 0; number < shown_; ++number) {
      const Box cell = {.x = kGap + number % columns_ * (layout_.width + kGap),
                        .y = kGap + number / columns_ * (layout_.height + kGap)};
      const auto image = static_cast<std::size_t>(number);
      draw_image(image, cell);
      for (std::size_t glimpse = 0; glimpse < crops_.shape.glimpses; ++glimpse) {
        draw_glimpse(image, glimpse, cell);
      }
      for (std::size_t place = 0; place < crops_.shape.digits; ++place) {
        draw_digit(image * crops_.shape.digits + place, static_cast<int>(place), cell);
      }
    }
    return canvas_.take();
  }

 private:
  // Element `number` of an array of `size` bytes each.
  static std::span<const std::uint8_t> part(const std::vector<std::uint8_t>& all,
                                            std::size_t number,
                                            std::size_t size) {
    return std::span(all).subspan(number * size, size);
  }

  void draw_image(std::size_t image, const Box& cell) {
    const std::size_t pixels = crops_.shape.height * crops_.shape.width;
    canvas_.draw(
        moved(layout_.image, cell), part(crops_.images, image, pixels), layout_.zoom, kInk);
  }

  void draw_glimpse(std::size_t image, std::size_t glimpse, const Box& cell) {
    const Color& color = kGlimpseColors.at(glimpse % kGlimpseColors.size());
    const std::size_t number = image * crops_.shape.glimpses + glimpse;
    const std::size_t pixels = crops_.shape.crop_height * crops_.shape.crop_width;
    const Box box = moved(layout_.crop(static_cast<int>(glimpse)), cell);
    canvas_.draw(box, part(crops_.crops, number, pixels), layout_.zoom, kInk);
    canvas_.frame(box, color);
    auto corners = glimpse_corners(
        std::span(crops_.theta).subspan(number * kThetaNumbers, kThetaNumbers), reach_);
    for (ImagePoint& corner : corners) {  // to the enlarged pixel's centre
      corner = {(corner.x + 0.5) * layout_.zoom, (corner.y + 0.5) * layout_.zoom};
    }
    for (std::size_t i = 0; i < corners.size(); ++i) {
      canvas_.line(
          moved(layout_.image, cell), corners.at(i), corners.at((i + 1) % corners.size()), color);
    }
  }

  void draw_digit(std::size_t number, int place, const Box& cell) {
    const Box box = moved(layout_.digit(place), cell);
    const std::uint8_t said = crops_.predictions[number];
    const std::uint8_t truth = crops_.labels[number];
    canvas_.draw(box, experiments::render_glyph(said), 1, said == truth ? kInk : kWrong);
    if (said != truth) {
      canvas_.frame(box, kWrong);
    }
    std::vector<std::uint8_t> small(std::size_t{kSmallDigit} * kSmallDigit);
    experiments::resize_by_area(
        experiments::render_glyph(truth), experiments::kBuiltinSide, small, kSmallDigit);
    const Box below = {.x = box.x + (kLargeDigit - kSmallDigit) / 2,
                       .y = box.y + kLargeDigit + kGap,
                       .width = kSmallDigit,
                       .height = kSmallDigit};
    canvas_.draw(below, small, 1, kPale);
  }

  const Crops& crops_;
  const Reach& reach_;
  Layout layout_;
  int columns_;
  int rows_;
  int shown_;
  Canvas canvas_;
};

}  // namespace

Picture draw_crops(const Crops& crops, const Reach& reach) {
  return Drawing(crops, reach).draw();
}

}  // namespace glimpse::worker
