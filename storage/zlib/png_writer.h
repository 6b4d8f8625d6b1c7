#pragma once

// Pictures as PNG files in memory: 8 bits per channel, grey or red-green-blue. The same pixels give
// the same bytes (with the same zlib), so that golden files can hold them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace glimpse::storage {

enum class PngColor { kGrey, kRgb };

// `pixels` are rows from the top, without padding; their number must fit the sides.
std::vector<std::byte> render_png(std::span<const std::uint8_t> pixels,
                                  int width,
                                  int height,
                                  PngColor color);

}  // namespace glimpse::storage
