#pragma once

// Places in a JSON text: lines, columns, white space and comments. Knows no grammar beyond that.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/json/issue_list.h"

namespace glimpse::experiments {

// Offset of the first byte that is not well-formed UTF-8 (overlong forms and surrogates included).
std::optional<std::size_t> find_bad_utf8(std::string_view text);

// The offset behind a comment that starts here; the same offset where none does or it never ends.
std::size_t skip_comment(std::string_view text, std::size_t from);

// Offset of the first comment in a text that is JSON otherwise.
std::optional<std::size_t> find_comment(std::string_view text);

// The first offset from `from` on that is not white space, a comment, a comma or a colon.
// An unclosed comment counts as significant.
std::size_t skip_trivia(std::string_view text, std::size_t from);

// Turns offsets that never decrease into lines and columns, in one pass over the text.
class PlaceFinder {
 public:
  explicit PlaceFinder(std::string_view text) : text_(text) {}
  Place at(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Place place_{1, 1};
};

// What stands at an offset, for an error message: `"}"`, `the word "foo"`, `the end of the text`.
std::string describe_text_at(std::string_view text, std::size_t offset);

// At most 80 bytes of a text, for an error message; never cut within a character.
std::string shorten(std::string_view text);

// The run of letters, digits and signs that starts at an offset, cut after 24 characters.
std::string_view word_at(std::string_view text, std::size_t offset);

}  // namespace glimpse::experiments
