#include "reports/markup/base64.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace glimpse::reports {
namespace {

std::string base64_of(std::string_view text) {
  return base64(std::as_bytes(std::span(text)));
}

// The vectors of RFC 4648, section 10.
TEST(Base64, SpellsTheVectorsOfTheRfc) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_of("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
}

TEST(Base64, TakesEveryByte) {
  const std::vector<std::uint8_t> bytes = {0x00, 0xff, 0xfe, 0xfb, 0xef, 0xbe};
  EXPECT_EQ(base64(bytes), "AP/+++++");
}

}  // namespace
}  // namespace glimpse::reports
