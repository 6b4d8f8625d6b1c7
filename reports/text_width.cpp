#include "reports/text_width.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace glimpse::reports {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};

struct Span {
  char32_t first;
  char32_t last;
};

// Blocks rather than single characters, from Unicode 15's EastAsianWidth.txt and the general
// categories Mn, Me and Cf: enough to keep columns aligned without a table of thousands of rows.
constexpr std::array kWide = {Span{0x1100, 0x115f},
                              Span{0x231a, 0x231b},
                              Span{0x2e80, 0x303e},
                              Span{0x3041, 0xa4cf},
                              Span{0xa960, 0xa97f},
                              Span{0xac00, 0xd7a3},
                              Span{0xf900, 0xfaff},
                              Span{0xfe30, 0xfe6f},
                              Span{0xff01, 0xff60},
                              Span{0xffe0, 0xffe6},
                              Span{0x1f300, 0x1f64f},
                              Span{0x1f680, 0x1f6ff},
                              Span{0x1f900, 0x1f9ff},
                              Span{0x20000, 0x3fffd}};
constexpr std::array kZero = {Span{0x0300, 0x036f},
                              Span{0x0483, 0x0489},
                              Span{0x0591, 0x05bd},
                              Span{0x0610, 0x061a},
                              Span{0x064b, 0x065f},
                              Span{0x1ab0, 0x1aff},
                              Span{0x1dc0, 0x1dff},
                              Span{0x200b, 0x200f},
                              Span{0x2060, 0x2064},
                              Span{0x20d0, 0x20ff},
                              Span{0xfe00, 0xfe0f},
                              Span{0xfe20, 0xfe2f},
                              Span{0xfeff, 0xfeff}};
// U+202A..202E and U+2066..2069 reorder the text around them; U+2028 and 2029 break lines.
constexpr std::array kControls = {
    Span{0x00, 0x1f}, Span{0x7f, 0x9f}, Span{0x2028, 0x202e}, Span{0x2066, 0x2069}};

template <std::size_t kCount>
bool is_in(const std::array<Span, kCount>& spans, char32_t c) {
  return std::any_of(
      spans.begin(), spans.end(), [c](const Span& s) { return s.first <= c && c <= s.last; });
}

std::size_t length_from_lead(std::uint8_t lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xc2 && lead < 0xe0) {
    return 2;
  }
  if (lead >= 0xe0 && lead < 0xf0) {
    return 3;
  }
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

bool is_scalar(char32_t c, std::size_t bytes) {
  static constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  return c >= kLeast[bytes] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

CodePoint decode(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = length_from_lead(lead);
  if (length == 0 || length > text.size()) {
    return {lead, 1, false};
  }
  char32_t c = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<std::uint8_t>(text[i]);
    if ((next & 0xc0U) != 0x80U) {
      return {lead, 1, false};
    }
    c = (c << 6U) | (next & 0x3fU);
  }
  return is_scalar(c, length) ? CodePoint{c, length, true} : CodePoint{lead, 1, false};
}

std::size_t width_of(const CodePoint& c) {
  if (!c.is_valid) {
    return 1;
  }
  if (is_in(kZero, c.value)) {
    return 0;
  }
  return is_in(kWide, c.value) ? 2 : 1;
}

std::string hex_digits(char32_t c, int digits) {
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[(c >> static_cast<unsigned>(shift)) & 15U];
  }
  return text;
}

std::string escaped(const CodePoint& c) {
  switch (c.value) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return c.value < 0x100 ? "\\x" + hex_digits(c.value, 2) : "\\u" + hex_digits(c.value, 4);
  }
}

// How much of the text fits.
std::size_t bytes_within(std::string_view utf8, std::size_t width) {
  std::size_t bytes = 0;
  for (std::size_t used = 0; bytes < utf8.size();) {
    const CodePoint c = decode(utf8.substr(bytes));
    used += width_of(c);
    if (used > width) {
      break;
    }
    bytes += c.bytes;
  }
  return bytes;
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    width += width_of(c);
    utf8.remove_prefix(c.bytes);
  }
  return width;
}

std::string escape_controls(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    out += !c.is_valid || is_in(kControls, c.value) ? escaped(c)
                                                    : std::string(utf8.substr(0, c.bytes));
    utf8.remove_prefix(c.bytes);
  }
  return out;
}

std::string replace_invalid(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const CodePoint c = decode(utf8);
    out += c.is_valid ? utf8.substr(0, c.bytes) : std::string_view("\xef\xbf\xbd");
    utf8.remove_prefix(c.bytes);
  }
  return out;
}

std::string cut_to_width(std::string_view utf8, std::size_t width) {
  if (display_width(utf8) <= width) {
    return std::string(utf8);
  }
  if (width == 0) {
    return {};
  }
  return std::string(utf8.substr(0, bytes_within(utf8, width - 1))) + "\xe2\x80\xa6";
}

std::vector<std::string> wrap_to_width(std::string_view utf8, std::size_t width) {
  std::vector<std::string> lines;
  do {
    std::size_t bytes = bytes_within(utf8, width);
    bytes = bytes == 0 && !utf8.empty() ? decode(utf8).bytes : bytes;
    const std::size_t blank = utf8.substr(0, bytes + 1).rfind(' ');
    const bool is_broken = bytes < utf8.size() && blank != std::string_view::npos && blank > 0;
    bytes = is_broken ? blank : bytes;
    lines.emplace_back(utf8.substr(0, bytes));
    utf8.remove_prefix(bytes + (is_broken ? 1 : 0));
  } while (!utf8.empty());
  return lines;
}

}  // namespace glimpse::reports
