#include "experiments/recipes/digit_set.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "experiments/recipes/builtin_digits.h"
#include "experiments/recipes/parallel.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

constexpr int kMaxSide = 1024;
constexpr int kMnistSide = 28;
constexpr int kMnistTrain = 60'000;
constexpr int kMnistTest = 10'000;

std::size_t square(int side) {
  return static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
}

DigitSet make_empty(int side, const SplitCounts& counts) {
  if (side < 1 || side > kMaxSide) {
    throw std::invalid_argument("the side of a digit must be within 1..1024");
  }
  const std::size_t count = std::size_t{counts[0]} + counts[1] + counts[2];
  DigitSet digits{.side = side, .counts = counts, .pixels = {}, .labels = {}};
  digits.pixels.resize(count * square(side));
  digits.labels.resize(count);
  return digits;
}

std::span<std::uint8_t> room_for(DigitSet& digits, std::size_t position) {
  return std::span(digits.pixels).subspan(position * square(digits.side), square(digits.side));
}

struct Place {
  Split split = Split::kTrain;
  std::uint32_t index = 0;
};

Place place_of(const DigitSet& digits, std::size_t position) {
  Place place{.split = Split::kTrain, .index = static_cast<std::uint32_t>(position)};
  for (const Split split : {Split::kTrain, Split::kValid}) {
    const std::uint32_t count = digits.counts[split_index(split)];
    if (place.index < count) {
      return {split, place.index};
    }
    place.index -= count;
  }
  place.split = Split::kTest;
  return place;
}

void check_mnist_part(const IdxImages& images,
                      const IdxLabels& labels,
                      int count,
                      const std::string& source) {
  const auto check = [&](const std::string& what, std::size_t is, int wanted) {
    if (is != static_cast<std::size_t>(wanted)) {
      throw StudyError(source,
                       {Issue{.pointer = "",
                              .message = what + ": " + std::to_string(is) + " instead of " +
                                         std::to_string(wanted)}});
    }
  };
  check("rows", static_cast<std::size_t>(images.rows), kMnistSide);
  check("columns", static_cast<std::size_t>(images.columns), kMnistSide);
  check("count of images", static_cast<std::size_t>(images.count), count);
  check("count of labels", labels.labels.size(), count);
}

// How much of each input position every output position covers, in units of 1/to_side of an input
// pixel, so that each row of weights sums to from_side.
std::vector<std::uint32_t> cover_weights(int from_side, int to_side) {
  std::vector<std::uint32_t> weights;
  for (int to = 0; to < to_side; ++to) {
    for (int from = 0; from < from_side; ++from) {
      const int begin = std::max(to * from_side, from * to_side);
      const int end = std::min((to + 1) * from_side, (from + 1) * to_side);
      weights.push_back(static_cast<std::uint32_t>(std::max(0, end - begin)));
    }
  }
  return weights;
}

class AreaResizer {
 public:
  AreaResizer(int from_side, int to_side)
      : from_side_(static_cast<std::size_t>(from_side)),
        to_side_(static_cast<std::size_t>(to_side)),
        area_(static_cast<std::uint32_t>(square(from_side))),
        weights_(cover_weights(from_side, to_side)) {
    if (from_side < 1 || to_side < 1 || from_side > kMaxSide || to_side > kMaxSide) {
      throw std::invalid_argument("resize by area: sides must be within 1..1024");
    }
  }

  void resize(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) const {
    if (from_side_ == to_side_) {
      std::copy(from.begin(), from.end(), to.begin());
      return;
    }
    for (std::size_t row = 0; row < to_side_; ++row) {
      const std::vector<std::uint32_t> line = weighted_rows(from, row);
      for (std::size_t column = 0; column < to_side_; ++column) {
        const std::span weights = std::span(weights_).subspan(column * from_side_, from_side_);
        // At most 1024^2 * 255, which 32 bits hold.
        const std::uint32_t sum =
            std::inner_product(line.begin(), line.end(), weights.begin(), area_ / 2);
        to[row * to_side_ + column] = static_cast<std::uint8_t>(sum / area_);
      }
    }
  }

 private:
  [[nodiscard]] std::vector<std::uint32_t> weighted_rows(std::span<const std::uint8_t> from,
                                                         std::size_t to_row) const {
    std::vector<std::uint32_t> line(from_side_);
    for (std::size_t row = 0; row < from_side_; ++row) {
      const std::uint32_t weight = weights_[to_row * from_side_ + row];
      for (std::size_t i = 0; weight > 0 && i < from_side_; ++i) {
        line[i] += weight * from[row * from_side_ + i];
      }
    }
    return line;
  }

  std::size_t from_side_;
  std::size_t to_side_;
  std::uint32_t area_;  // what the weights of one output pixel sum to
  std::vector<std::uint32_t> weights_;
};

}  // namespace

std::uint32_t DigitSet::first(Split split) const {
  std::uint32_t position = 0;
  for (std::size_t i = 0; i < split_index(split); ++i) {
    position += counts[i];
  }
  return position;
}

std::span<const std::uint8_t> DigitSet::digit(std::uint32_t position) const {
  return std::span(pixels).subspan(position * square(side), square(side));
}

DigitSet make_builtin_digits(int side, int threads, const SplitCounts& counts) {
  DigitSet digits = make_empty(side, counts);
  const AreaResizer resizer(kBuiltinSide, side);
  run_in_parallel(digits.labels.size(), threads, [&](std::size_t begin, std::size_t end) {
    std::array<std::uint8_t, kBuiltinPixels> drawn{};
    for (std::size_t position = begin; position < end; ++position) {
      const Place place = place_of(digits, position);
      render_builtin_digit(place.split, place.index, drawn);
      resizer.resize(drawn, room_for(digits, position));
      digits.labels[position] = builtin_label(place.index);
    }
  });
  return digits;
}

DigitSet make_mnist_digits(const MnistFiles& files, int side, int threads) {
  check_mnist_part(files.train_images, files.train_labels, kMnistTrain, "MNIST training files");
  check_mnist_part(files.test_images, files.test_labels, kMnistTest, "MNIST test files");
  DigitSet digits = make_empty(side, kDigitCounts);
  const AreaResizer resizer(kMnistSide, side);
  run_in_parallel(digits.labels.size(), threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t position = begin; position < end; ++position) {
      const bool is_test = position >= kMnistTrain;
      const std::size_t at = is_test ? position - kMnistTrain : position;
      const IdxImages& images = is_test ? files.test_images : files.train_images;
      const auto image = images.pixels.subspan(at * square(kMnistSide), square(kMnistSide));
      resizer.resize(image, room_for(digits, position));
      digits.labels[position] = (is_test ? files.test_labels : files.train_labels).labels[at];
    }
  });
  return digits;
}

void resize_by_area(std::span<const std::uint8_t> from,
                    int from_side,
                    std::span<std::uint8_t> to,
                    int to_side) {
  const AreaResizer resizer(from_side, to_side);
  if (from.size() != square(from_side) || to.size() != square(to_side)) {
    throw std::invalid_argument("resize by area: pixels do not fit the sides");
  }
  resizer.resize(from, to);
}

}  // namespace glimpse::experiments
