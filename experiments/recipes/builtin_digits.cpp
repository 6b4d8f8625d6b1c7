#include "experiments/recipes/builtin_digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "experiments/philox.h"

namespace glimpse::experiments {
namespace {

struct Point {
  double x = 0;
  double y = 0;
};

struct Interval {
  double low = 0;
  double high = 0;
};

// How far an image may differ from its skeleton.
struct DigitRanges {
  double point_jitter = 0;  // of each coordinate, in unit boxes
  Interval width;           // pixels per unit box
  Interval height;
  double shear = 0;
  double turn = 0;   // tangent of half the angle
  double shift = 0;  // of the centre, in pixels
  Interval radius;   // of the stroke, in pixels
};

// Wide enough that a linear classifier does not solve the task, narrow enough that convolutions do:
// trained on all 50,000 images, softmax regression errs on 5.97 % of the 10,000 test images (20
// epochs of Adam), and a net of two convolutions (16 and 32 filters) and a dense layer of 64 on
// 0.06 % (4 epochs). MNIST's own softmax error is about 7.5 %. Any change makes other digits, so
// kBuiltinDigitsVersion has to go up with it.
constexpr DigitRanges kRanges = {.point_jitter = 0.05,
                                 .width = {10, 18},
                                 .height = {15, 20},
                                 .shear = 0.35,
                                 .turn = 0.2,
                                 .shift = 2.0,
                                 .radius = {0.6, 1.8}};

// Part of the digits' identity: another seed would be another digit set.
constexpr std::uint64_t kSeed = 20150917;

constexpr int kMaxPoints = 16;
constexpr std::size_t kSide = kBuiltinSide;

// A digit as polylines, in hundredths of a unit box, x right and y down.
struct Skeleton {
  std::array<Point, kMaxPoints> points{};
  std::array<bool, kMaxPoints> begins_stroke{};
  int count = 0;
};

// "35,22 55,5 55,95 ; 1,2 3,4": points with a space between them, ';' where the pen is lifted.
consteval Skeleton parse_skeleton(std::string_view text) {
  Skeleton skeleton;
  bool is_lifted = true;
  std::array<int, 2> numbers{};
  std::size_t part = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c == ';') {
      is_lifted = true;
      ++i;  // the space behind it
    } else if (c == ',') {
      part = 1;
    } else if (c == ' ') {
      const auto at = static_cast<std::size_t>(skeleton.count++);
      skeleton.points[at] = {numbers[0] / 100.0, numbers[1] / 100.0};
      skeleton.begins_stroke[at] = is_lifted;
      is_lifted = false;
      numbers = {};
      part = 0;
    } else {
      numbers[part] = numbers[part] * 10 + (c - '0');
    }
  }
  return skeleton;
}

constexpr std::array<Skeleton, 14> kSkeletons = {
    parse_skeleton("50,5 75,15 88,40 88,60 75,85 50,95 25,85 12,60 12,40 25,15 50,5"),
    parse_skeleton("35,22 55,5 55,95"),
    parse_skeleton("50,5 50,95"),
    parse_skeleton("15,25 30,8 55,5 78,15 82,35 65,58 35,80 12,95 88,95"),
    parse_skeleton("15,25 30,8 55,5 78,15 80,38 55,70 25,92 14,80 32,74 60,90 88,93"),
    parse_skeleton("15,12 45,5 75,12 80,30 65,45 42,48 68,52 85,70 75,88 45,95 12,86"),
    parse_skeleton("65,5 12,65 90,65 ; 68,35 68,95"),
    parse_skeleton("20,5 18,50 80,50 ; 78,5 76,95"),
    parse_skeleton("80,5 25,5 20,45 50,38 78,50 84,70 70,90 40,95 12,85"),
    parse_skeleton("70,5 40,22 20,50 15,75 30,93 58,95 80,80 80,62 60,50 35,55 18,70"),
    parse_skeleton("12,8 88,8 55,50 40,95"),
    parse_skeleton("12,8 88,8 55,50 40,95 ; 32,50 78,50"),
    parse_skeleton("50,48 25,36 22,18 50,5 78,18 75,36 50,48 20,62 18,84 50,95 82,84 80,62 50,48"),
    parse_skeleton("80,32 62,48 36,48 20,32 26,12 52,5 76,14 82,35 76,65 58,95")};

// Where a digit's variants begin in kSkeletons; they end where the next digit's begin.
constexpr std::array<std::uint32_t, 11> kVariants = {0, 1, 3, 5, 6, 8, 9, 10, 12, 13, 14};

double draw(RandomStream& random, Interval range) {
  return range.low + (range.high - range.low) * random.uniform();
}

double draw_around_zero(RandomStream& random, double bound) {
  return draw(random, {-bound, bound});
}

// The affine map from the unit box to pixels: scale and shear, then turn, then shift.
class Pose {
 public:
  explicit Pose(RandomStream& random)
      : width_(draw(random, kRanges.width)),
        height_(draw(random, kRanges.height)),
        shear_(draw_around_zero(random, kRanges.shear)) {
    // Cosine and sine from the tangent of half the angle: the C library's own differ by machine.
    const double t = draw_around_zero(random, kRanges.turn);
    cosine_ = (1 - t * t) / (1 + t * t);
    sine_ = 2 * t / (1 + t * t);
    centre_.x = kCentre + draw_around_zero(random, kRanges.shift);
    centre_.y = kCentre + draw_around_zero(random, kRanges.shift);
  }
  Pose(double width, double height) : width_(width), height_(height) {}

  [[nodiscard]] Point to_pixels(Point p) const {
    const double y = height_ * (p.y - 0.5);
    const double x = width_ * (p.x - 0.5) - shear_ * y;
    return {centre_.x + cosine_ * x - sine_ * y, centre_.y + sine_ * x + cosine_ * y};
  }

 private:
  static constexpr double kCentre = (kBuiltinSide - 1) / 2.0;

  double width_;
  double height_;
  double shear_ = 0;
  double cosine_ = 1;
  double sine_ = 0;
  Point centre_ = {kCentre, kCentre};
};

// Squared distance of every pixel to the nearest stroke, as far as it matters for a pen's radius.
class DistanceField {
 public:
  explicit DistanceField(double reach) : reach_(reach) {
    squares_.fill(std::numeric_limits<double>::max());
  }

  void add_segment(Point from, Point to) {
    const Point along = {to.x - from.x, to.y - from.y};
    const double length2 = along.x * along.x + along.y * along.y;
    const double inverse = length2 > 0 ? 1 / length2 : 0;
    const auto [left, right] = pixels_between(std::minmax(from.x, to.x));
    const auto [top, bottom] = pixels_between(std::minmax(from.y, to.y));
    for (int row = top; row <= bottom; ++row) {
      for (int column = left; column <= right; ++column) {
        const double dx = column - from.x;
        const double dy = row - from.y;
        const double t = std::clamp((dx * along.x + dy * along.y) * inverse, 0.0, 1.0);
        const double off_x = dx - t * along.x;
        const double off_y = dy - t * along.y;
        double& nearest =
            squares_[static_cast<std::size_t>(row) * kSide + static_cast<std::size_t>(column)];
        nearest = std::min(nearest, off_x * off_x + off_y * off_y);
      }
    }
  }

  // A round pen with an edge one pixel soft, so that its radius need not be whole.
  void ink(std::span<std::uint8_t> pixels) const {
    for (std::size_t i = 0; i < squares_.size(); ++i) {
      const double cover = std::clamp(reach_ - std::sqrt(squares_[i]), 0.0, 1.0);
      pixels[i] = static_cast<std::uint8_t>(std::floor(255 * cover + 0.5));
    }
  }

 private:
  [[nodiscard]] std::pair<int, int> pixels_between(std::pair<double, double> range) const {
    const int first = static_cast<int>(std::ceil(range.first - reach_));
    const int last = static_cast<int>(std::floor(range.second + reach_));
    return {std::max(first, 0), std::min(last, kBuiltinSide - 1)};
  }

  double reach_;
  std::array<double, kBuiltinPixels> squares_{};
};

void draw_strokes(const Skeleton& skeleton,
                  const Pose& pose,
                  double radius,
                  std::span<std::uint8_t> pixels) {
  DistanceField field(radius + 0.5);
  Point last;
  for (std::size_t i = 0; i < static_cast<std::size_t>(skeleton.count); ++i) {
    const Point point = pose.to_pixels(skeleton.points[i]);
    if (!skeleton.begins_stroke[i]) {
      field.add_segment(last, point);
    }
    last = point;
  }
  field.ink(pixels);
}

// [1 2 1] in both directions; outside the image there is no ink.
void blur(std::span<std::uint8_t> pixels) {
  std::array<int, (kSide + 2) * kSide> sums{};  // one empty row above and below
  for (std::size_t row = 0; row < kSide; ++row) {
    const auto line = pixels.subspan(row * kSide, kSide);
    for (std::size_t column = 0; column < kSide; ++column) {
      const int left = column > 0 ? line[column - 1] : 0;
      const int right = column + 1 < kSide ? line[column + 1] : 0;
      sums[(row + 1) * kSide + column] = left + 2 * line[column] + right;
    }
  }
  for (std::size_t i = 0; i < kSide * kSide; ++i) {
    const int sum = sums[i] + 2 * sums[i + kSide] + sums[i + 2 * kSide];
    pixels[i] = static_cast<std::uint8_t>((sum + 8) / 16);
  }
}

void check_room(std::span<std::uint8_t> pixels) {
  if (pixels.size() != kBuiltinPixels) {
    throw std::invalid_argument("a built-in digit has 28x28 pixels");
  }
}

}  // namespace

void render_builtin_digit(Split split, std::uint32_t index, std::span<std::uint8_t> pixels) {
  check_room(pixels);
  RandomStream random(
      kSeed, Purpose::kDigit, static_cast<std::uint32_t>(split_index(split)), index);
  const std::size_t label = builtin_label(index);
  const std::uint32_t first = kVariants[label];
  Skeleton skeleton = kSkeletons[first + random.below(kVariants[label + 1] - first)];
  for (std::size_t i = 0; i < static_cast<std::size_t>(skeleton.count); ++i) {
    skeleton.points[i].x += draw_around_zero(random, kRanges.point_jitter);
    skeleton.points[i].y += draw_around_zero(random, kRanges.point_jitter);
  }
  const Pose pose(random);
  draw_strokes(skeleton, pose, draw(random, kRanges.radius), pixels);
  if (random.below(2) == 1) {
    blur(pixels);
  }
}

std::vector<std::uint8_t> render_glyph(int digit) {
  std::vector<std::uint8_t> pixels(kBuiltinPixels);
  const std::size_t variant = kVariants.at(static_cast<std::size_t>(digit));
  draw_strokes(kSkeletons.at(variant), Pose(15, 20), 1.2, pixels);
  return pixels;
}

}  // namespace glimpse::experiments
