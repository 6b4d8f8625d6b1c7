#include "storage/zlib/png_writer.h"

#include <array>
#include <stdexcept>
#include <string_view>

#include <zlib.h>

namespace glimpse::storage {
namespace {

// From the PNG specification (ISO 15948), sections 5.2 and 11.2.2.
constexpr std::array<std::uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::uint8_t kBitDepth = 8;
constexpr std::uint8_t kGreyType = 0;
constexpr std::uint8_t kRgbType = 2;
constexpr int kMaxSide = 1 << 16;
// On clutter, the best level (9) takes sixty times as long as this one and saves a fifth.
constexpr int kLevel = 3;

using Bytes = std::vector<std::uint8_t>;

void append_u32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

void append_chunk(Bytes& out, std::string_view type, const Bytes& content) {
  append_u32(out, static_cast<std::uint32_t>(content.size()));
  const std::size_t start = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), content.begin(), content.end());
  const uLong sum = crc32_z(0, out.data() + start, out.size() - start);
  append_u32(out, static_cast<std::uint32_t>(sum));
}

Bytes header(int width, int height, PngColor color) {
  Bytes out;
  append_u32(out, static_cast<std::uint32_t>(width));
  append_u32(out, static_cast<std::uint32_t>(height));
  out.insert(out.end(), {kBitDepth, color == PngColor::kGrey ? kGreyType : kRgbType, 0, 0, 0});
  return out;
}

// Each row begins with its filter; 0 leaves it as it is, which suits glyphs on plain ground.
Bytes filtered_rows(std::span<const std::uint8_t> pixels, std::size_t row_bytes) {
  Bytes rows;
  rows.reserve(pixels.size() + pixels.size() / row_bytes);
  for (std::size_t start = 0; start < pixels.size(); start += row_bytes) {
    const auto row = pixels.subspan(start, row_bytes);
    rows.push_back(0);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

Bytes deflated(const Bytes& content) {
  Bytes packed(compressBound(static_cast<uLong>(content.size())));
  uLongf size = static_cast<uLongf>(packed.size());
  const int rc =
      compress2(packed.data(), &size, content.data(), static_cast<uLong>(content.size()), kLevel);
  if (rc != Z_OK) {
    throw std::runtime_error("render a PNG picture: zlib ran out of memory");
  }
  packed.resize(size);
  return packed;
}

}  // namespace

std::vector<std::byte> render_png(std::span<const std::uint8_t> pixels,
                                  int width,
                                  int height,
                                  PngColor color) {
  const std::size_t channels = color == PngColor::kGrey ? 1 : 3;
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide ||
      pixels.size() !=
          channels * static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    throw std::invalid_argument("render a PNG picture: pixels do not fit its sides");
  }
  Bytes out(kSignature.begin(), kSignature.end());
  append_chunk(out, "IHDR", header(width, height, color));
  append_chunk(
      out, "IDAT", deflated(filtered_rows(pixels, channels * static_cast<std::size_t>(width))));
  append_chunk(out, "IEND", {});
  const auto bytes = std::as_bytes(std::span(out));
  return {bytes.begin(), bytes.end()};
}

}  // namespace glimpse::storage
