#include "storage/zlib/png_writer.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

namespace glimpse::storage {
namespace {

// A reader for exactly what the writer may write, so that pixels are compared and not bytes.
struct Decoded {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int color_type = -1;
  std::vector<std::uint8_t> rows;  // each with its filter byte first
};

std::uint32_t u32(const std::string& text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(text.at(at + i));
  }
  return value;
}

Decoded decode(const std::vector<std::byte>& png) {
  const std::string text(reinterpret_cast<const char*>(png.data()), png.size());
  EXPECT_EQ(text.substr(0, 8), "\x89PNG\r\n\x1a\n");
  Decoded picture;
  std::string names;
  for (std::size_t at = 8; at < text.size();) {
    const std::uint32_t size = u32(text, at);
    const std::string type = text.substr(at + 4, 4);
    const std::string body = text.substr(at + 4, size + 4);
    EXPECT_EQ(u32(text, at + 8 + size),
              crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size()));
    if (type == "IHDR") {
      picture.width = u32(body, 4);
      picture.height = u32(body, 8);
      EXPECT_EQ(body[12], 8);
      picture.color_type = body[13];
    } else if (type == "IDAT") {
      uLongf unpacked = (1 + 3UL * picture.width) * picture.height;
      picture.rows.resize(unpacked);
      EXPECT_EQ(uncompress(picture.rows.data(),
                           &unpacked,
                           reinterpret_cast<const Bytef*>(body.data()) + 4,
                           size),
                Z_OK);
      picture.rows.resize(unpacked);
    }
    names += type + " ";
    at += 12 + size;
  }
  EXPECT_EQ(names, "IHDR IDAT IEND ");
  return picture;
}

TEST(PngWriter, WritesGreyRowsFromTheTop) {
  const std::vector<std::uint8_t> pixels = {1, 2, 3, 250, 251, 252};
  const Decoded picture = decode(render_png(pixels, 3, 2, PngColor::kGrey));
  EXPECT_EQ(picture.width, 3U);
  EXPECT_EQ(picture.height, 2U);
  EXPECT_EQ(picture.color_type, 0);
  EXPECT_EQ(picture.rows, (std::vector<std::uint8_t>{0, 1, 2, 3, 0, 250, 251, 252}));
}

TEST(PngWriter, WritesRedGreenBlue) {
  const std::vector<std::uint8_t> pixels = {255, 0, 0, 0, 255, 0};
  const Decoded picture = decode(render_png(pixels, 1, 2, PngColor::kRgb));
  EXPECT_EQ(picture.color_type, 2);
  EXPECT_EQ(picture.rows, (std::vector<std::uint8_t>{0, 255, 0, 0, 0, 0, 255, 0}));
}

TEST(PngWriter, IsDeterministic) {
  const std::vector<std::uint8_t> pixels(10'000, 77);
  EXPECT_EQ(render_png(pixels, 100, 100, PngColor::kGrey),
            render_png(pixels, 100, 100, PngColor::kGrey));
}

TEST(PngWriter, RefusesPixelsThatDoNotFit) {
  const std::vector<std::uint8_t> pixels(6);
  EXPECT_THROW(render_png(pixels, 2, 2, PngColor::kGrey), std::invalid_argument);
  EXPECT_THROW(render_png(pixels, 3, 2, PngColor::kRgb), std::invalid_argument);
  EXPECT_THROW(render_png({}, 0, 0, PngColor::kGrey), std::invalid_argument);
  EXPECT_THROW(render_png(pixels, -3, -2, PngColor::kGrey), std::invalid_argument);
}

}  // namespace
}  // namespace glimpse::storage
