#pragma once

// A digit set whose pixels tell where they come from: every pixel of the digit at position p has
// the value p + 1, so that a picture shows which digit, and nothing else, was drawn where.

#include "experiments/recipes/digit_set.h"

namespace glimpse::tests {

inline experiments::DigitSet make_tiny_digits(int side,
                                              experiments::SplitCounts counts = {20, 10, 10}) {
  experiments::DigitSet digits{.side = side, .counts = counts, .pixels = {}, .labels = {}};
  const std::size_t area = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  for (std::uint32_t p = 0; p < counts[0] + counts[1] + counts[2]; ++p) {
    digits.pixels.insert(digits.pixels.end(), area, static_cast<std::uint8_t>(p + 1));
    digits.labels.push_back(static_cast<std::uint8_t>(p % 10));
  }
  return digits;
}

}  // namespace glimpse::tests
