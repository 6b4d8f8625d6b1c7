#pragma once

// Digits that need no download: strokes with random shape, drawn into 28x28 pixels. They stand in
// for MNIST in quick starts and tests; error rates on them are never compared with published ones.
// Pure functions of (split, index), with the same bytes on every machine and for any thread count.

#include <cstdint>
#include <span>
#include <vector>

#include "experiments/recipes/split.h"

namespace glimpse::experiments {

inline constexpr int kBuiltinSide = 28;
inline constexpr int kBuiltinPixels = kBuiltinSide * kBuiltinSide;

constexpr std::uint8_t builtin_label(std::uint32_t index) {
  return static_cast<std::uint8_t>(index % 10);
}

// `pixels` holds kBuiltinPixels, rows from the top, ink bright on black.
void render_builtin_digit(Split split, std::uint32_t index, std::span<std::uint8_t> pixels);

// The undistorted skeleton of a digit, 0..9, kBuiltinPixels of it: what captions are made of.
std::vector<std::uint8_t> render_glyph(int digit);

}  // namespace glimpse::experiments
