#include "experiments/json/json_syntax.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "experiments/json/json_text.h"

namespace glimpse::experiments {
namespace {

using Last = SyntaxState::Last;

// The token the parser could not take, and what it was waiting for.
struct Offender {
  std::size_t offset;
  bool after_separator;  // the comma or colon that was due has been there
};

// The separator that may stand behind the last token; a zero byte where none may.
char due_separator(const SyntaxState& state) {
  if (state.last == Last::kKey) {
    return ':';
  }
  return state.last == Last::kValue && state.is_open ? ',' : '\0';
}

Offender find_offender(std::string_view text, const SyntaxState& state) {
  Offender offender{state.token_end, false};
  char due = due_separator(state);
  for (std::size_t& at = offender.offset; at < text.size();) {
    const bool is_blank = std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos;
    const std::size_t behind = is_blank ? at + 1 : skip_comment(text, at);
    if (behind != at) {
      at = behind;
    } else if (text[at] == due) {
      ++at;
      due = '\0';
      offender.after_separator = true;
    } else {
      break;
    }
  }
  return offender;
}

bool expects_value(const SyntaxState& state, const Offender& offender) {
  switch (state.last) {
    case Last::kNothing:
      return true;
    case Last::kOpening:
      return !state.in_object;
    case Last::kKey:
      return offender.after_separator;
    default:
      return offender.after_separator && !state.in_object;
  }
}

// A value may not stand where a key has to: {1} and {"a": 1, 2}.
bool expects_key(const SyntaxState& state, const Offender& offender) {
  return state.in_object &&
         (state.last == Last::kOpening || (state.last == Last::kValue && offender.after_separator));
}

std::string expectation(const SyntaxState& state, const Offender& offender) {
  const bool may_close = state.last == Last::kOpening;
  if (expects_key(state, offender)) {
    return std::string("expected a key in double quotes") + (may_close ? " or \"}\"" : "");
  }
  if (expects_value(state, offender)) {
    return std::string("expected a value") + (may_close ? " or \"]\"" : "");
  }
  if (state.last == Last::kKey) {
    return "expected \":\" behind the key";
  }
  if (!state.is_open) {
    return "expected nothing more behind the value";
  }
  return state.in_object ? "expected \",\" or \"}\"" : "expected \",\" or \"]\"";
}

// Offset of the backslash of the first escape that JSON does not know.
std::optional<std::size_t> find_bad_escape(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at + 1 < text.size() && text[at] != '"'; ++at) {
    if (text[at] != '\\') {
      continue;
    }
    const std::string_view digits = text.substr(at + 2, 4);
    const bool is_hex = digits.size() == 4 && std::all_of(digits.begin(), digits.end(), [](char c) {
                          return std::isxdigit(static_cast<unsigned char>(c)) != 0;
                        });
    const bool is_known = text[at + 1] == 'u' ? is_hex
                                              : std::string_view("\"\\/bfnrt").find(text[at + 1]) !=
                                                    std::string_view::npos;
    if (!is_known) {
      return at;
    }
    ++at;
  }
  return std::nullopt;
}

// The parser stopped within a string, or at the end of a text that does not close it.
SyntaxMistake explain_string(std::string_view text, std::size_t start, std::size_t consumed) {
  const std::size_t last = consumed - 1;
  if (text[last] == '\n' || text[last] == '\r') {
    return {start, "the string is not closed on its line"};
  }
  if (static_cast<unsigned char>(text[last]) < 0x20) {
    return {last, "a control character in a string: write it as an escape"};
  }
  if (const auto bad = find_bad_escape(text.substr(0, consumed), start + 1)) {
    return {*bad, "unknown escape " + std::string(text.substr(*bad, 2)) + " in a string"};
  }
  if (consumed == text.size()) {
    return {start, "the string is never closed"};
  }
  return {start, "half of a surrogate pair in a string"};
}

// Python, JavaScript and C each have their own words for these.
bool is_not_finite(std::string_view word) {
  const std::size_t sign = word.empty() || (word[0] != '-' && word[0] != '+') ? 0 : 1;
  std::string lower(word.substr(sign));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

// A value that begins with a letter, digit or sign, or with a quotation mark of the wrong kind.
std::optional<std::string> explain_word(std::string_view text,
                                        std::size_t start,
                                        bool is_overflow) {
  if (text[start] == '\'') {
    return "strings stand in double quotes";
  }
  const std::string word(word_at(text, start));
  if (word.empty()) {
    return std::nullopt;
  }
  if (is_overflow) {
    return word + " is too large for a number";
  }
  if (is_not_finite(word)) {
    return word + " is not a number that JSON knows: write a finite one";
  }
  if (std::isalpha(static_cast<unsigned char>(word[0])) != 0) {
    return "unknown word " + word + " (strings stand in double quotes)";
  }
  return word + " is not a number as JSON writes it";
}

std::string explain_end(std::string_view text, const SyntaxState& state) {
  if (state.last == Last::kNothing) {
    return "the text is empty";
  }
  return state.in_object ? "the text ends before the object is closed (missing \"}\")"
         : state.is_open ? "the text ends before the list is closed (missing \"]\")"
                         : "unexpected end of the " + std::to_string(text.size()) + " bytes";
}

}  // namespace

SyntaxMistake explain_syntax(std::string_view text, const SyntaxState& state) {
  const Offender offender = find_offender(text, state);
  const std::size_t start = offender.offset;
  if (start >= text.size()) {
    return {start, explain_end(text, state)};
  }
  if (text.substr(start, 2) == "/*") {
    return {start, "the comment is never closed"};
  }
  const bool value = expects_value(state, offender);
  if (text[start] == '"' && (value || expects_key(state, offender))) {
    return explain_string(text, start, state.consumed);
  }
  if (value) {
    if (const auto explanation = explain_word(text, start, state.is_overflow)) {
      return {start, *explanation};
    }
  }
  return {start, expectation(state, offender) + ", found " + describe_text_at(text, start)};
}

}  // namespace glimpse::experiments
