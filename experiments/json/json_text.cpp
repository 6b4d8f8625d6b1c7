#include "experiments/json/json_text.h"

#include <algorithm>
#include <cstdint>

namespace glimpse::experiments {
namespace {

constexpr std::size_t kLongestWord = 24;
constexpr std::size_t kLongestShown = 80;

std::uint8_t byte_at(std::string_view text, std::size_t offset) {
  return static_cast<std::uint8_t>(text[offset]);
}

bool is_continuation(std::uint8_t byte) {
  return (byte & 0xC0U) == 0x80;
}

// Bytes that the character at this offset takes; 0 where it is malformed, by the table of
// well-formed byte sequences in the Unicode standard (chapter 3, table 3-7).
std::size_t character_length(std::string_view text, std::size_t offset) {
  const std::uint8_t first = byte_at(text, offset);
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xC2 || first > 0xF4) {
    return 0;
  }
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() - offset < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte_at(text, offset + i))) {
      return 0;
    }
  }
  const std::uint8_t second = byte_at(text, offset + 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond_unicode = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

// Commas and colons are skipped with the blanks: no event of the parser is about them.
bool is_blank_or_separator(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '+' || c == '.';
}

}  // namespace

std::optional<std::size_t> find_bad_utf8(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = character_length(text, offset);
    if (length == 0) {
      return offset;
    }
    offset += length;
  }
  return std::nullopt;
}

std::size_t skip_comment(std::string_view text, std::size_t from) {
  const std::string_view opening = text.substr(from, 2);
  if (opening == "//") {
    return std::min(text.find_first_of("\r\n", from), text.size());
  }
  if (opening == "/*") {
    const std::size_t end = text.find("*/", from + 2);
    return end == std::string_view::npos ? from : end + 2;
  }
  return from;
}

// Outside of strings JSON itself has no slash.
std::optional<std::size_t> find_comment(std::string_view text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      in_string = !in_string;
    } else if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '/' && !in_string) {
      return i;
    }
  }
  return std::nullopt;
}

std::size_t skip_trivia(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::size_t next =
        is_blank_or_separator(text[from]) ? from + 1 : skip_comment(text, from);
    if (next == from) {
      break;
    }
    from = next;
  }
  return from;
}

Place PlaceFinder::at(std::size_t offset) {
  for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
    if (text_[offset_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if (!is_continuation(byte_at(text_, offset_))) {
      ++place_.column;
    }
  }
  return place_;
}

std::string_view word_at(std::string_view text, std::size_t offset) {
  std::size_t end = offset;
  while (end < text.size() && end - offset < kLongestWord && is_word_character(text[end])) {
    ++end;
  }
  return text.substr(offset, end - offset);
}

std::string describe_text_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) {
    return "the end of the text";
  }
  if (const std::string_view word = word_at(text, offset); !word.empty()) {
    return '"' + std::string(word) + '"';
  }
  if (text[offset] == '"') {
    return "a string";
  }
  if (byte_at(text, offset) < 0x20 || text[offset] == 0x7F) {
    return "a control character";
  }
  return '"' + std::string(text.substr(offset, character_length(text, offset))) + '"';
}

std::string shorten(std::string_view text) {
  if (text.size() <= kLongestShown) {
    return std::string(text);
  }
  std::size_t end = kLongestShown;
  while (is_continuation(byte_at(text, end))) {
    --end;
  }
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace glimpse::experiments
