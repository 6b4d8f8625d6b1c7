#include "reports/escape_markdown.h"

#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Names such as valid_error and 0.5 stay readable: between word characters neither an underscore
// nor a point means anything, but for the point of "www.".
bool is_special(std::string_view text, std::size_t at) {
  const char c = text[at];
  const bool is_within =
      at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
  if (c == '_') {
    return !is_within;
  }
  if (c == '.') {
    return at >= 3 && (text[at - 1] == 'w' || text[at - 1] == 'W');
  }
  if (c == ':') {
    return text.substr(at, 3) == "://";
  }
  // Lists, headings and rules.
  if (at == 0 && std::string_view("#+-=").find(c) != std::string_view::npos) {
    return text.size() == 1 || text[1] == ' ' || text[1] == c;
  }
  return std::string_view("\\`*[]<>|~&@").find(c) != std::string_view::npos;
}

}  // namespace

std::string escape_markdown(std::string_view utf8) {
  const std::string text = escape_controls(utf8);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_special(text, i)) {
      out += '\\';
    }
    out += text[i];
  }
  return out;
}

}  // namespace glimpse::reports
