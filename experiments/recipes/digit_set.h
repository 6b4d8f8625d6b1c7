#pragma once

// The single digits that sequences are put together from: pixels and labels of all three splits,
// already at the side a sequence wants. Plain data, filled once, then read by any number of
// threads.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiments/recipes/idx.h"
#include "experiments/recipes/split.h"

namespace glimpse::experiments {

using SplitCounts = std::array<std::uint32_t, 3>;

// MNIST's official training images divided as the released code does; built-in digits do likewise.
inline constexpr SplitCounts kDigitCounts = {50'000, 10'000, 10'000};

struct DigitSet {
  int side = 28;
  SplitCounts counts = kDigitCounts;
  std::vector<std::uint8_t> pixels;  // digit after digit: train, valid, test
  std::vector<std::uint8_t> labels;

  [[nodiscard]] std::uint32_t first(Split split) const;
  [[nodiscard]] std::span<const std::uint8_t> digit(std::uint32_t position) const;
};

DigitSet make_builtin_digits(int side, int threads, const SplitCounts& counts = kDigitCounts);

// The four files, parsed.
struct MnistFiles {
  IdxImages train_images;
  IdxLabels train_labels;
  IdxImages test_images;
  IdxLabels test_labels;
};
// Throws StudyError where the files do not belong together or are no 28x28 digits; drop-ins with
// MNIST's shapes pass.
DigitSet make_mnist_digits(const MnistFiles& files, int side, int threads);

// Square images by area averaging: an output pixel is the mean of what it covers, rounded half up.
// All arithmetic is in whole numbers.
void resize_by_area(std::span<const std::uint8_t> from,
                    int from_side,
                    std::span<std::uint8_t> to,
                    int to_side);

}  // namespace glimpse::experiments
