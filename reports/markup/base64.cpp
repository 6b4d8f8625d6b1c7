#include "reports/markup/base64.h"

#include <algorithm>
#include <string_view>

namespace glimpse::reports {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

template <typename Byte>
std::string encode(std::span<const Byte> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;  // 24 bits, the first byte highest
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? static_cast<std::uint32_t>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= count ? kDigits[group >> (18 - 6 * i) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace

std::string base64(std::span<const std::uint8_t> bytes) {
  return encode(bytes);
}

std::string base64(std::span<const std::byte> bytes) {
  return encode(bytes);
}

}  // namespace glimpse::reports
