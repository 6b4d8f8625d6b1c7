#pragma once

// HTML and SVG as elements that escape by type. Names of elements and attributes are literals that
// the compiler checks; what could run or load something (handlers, styles, addresses) is no
// attribute that takes text; and text that comes from anybody, in an element or an attribute,
// stays text. What it holds of control characters and of marks that turn the reading order around
// is shown as \x1b or \u202e. The result is HTML, and an svg element by itself is XML too.
//
// An element is a value; it belongs to one thread at a time.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace glimpse::reports {

constexpr bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

class TagName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): literals are meant to be given as they are
  consteval TagName(const char* literal) : text_(literal) {
    for (const char c : text_) {
      if (!is_name_character(c)) {
        throw "a name of an element is letters and digits";
      }
    }
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class AttributeName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): literals are meant to be given as they are
  consteval AttributeName(const char* literal) : text_(literal) {
    constexpr std::string_view kWithTypeOfTheirOwn[] = {
        "href", "src", "id", "style", "srcdoc", "srcset", "action", "formaction", "data", "xmlns"};
    for (const std::string_view name : kWithTypeOfTheirOwn) {
      if (text_ == name) {
        throw "this attribute does not take text";
      }
    }
    if (text_.starts_with("on")) {
      throw "handlers belong into the page's script";
    }
    for (const char c : text_) {
      if (!is_name_character(c) && c != '-') {
        throw "a name of an attribute is letters, digits and hyphens";
      }
    }
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Of an element on its page: a literal, and numbers where there are many. No name of a run or
// parameter ever is one.
class Id {
 public:
  explicit Id(TagName kind) : text_(kind.text()) {}
  Id(TagName kind, std::size_t number) : text_(kind.text()) { *this = with(number); }
  // "plot-3" becomes "plot-3-7".
  [[nodiscard]] Id with(std::size_t number) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Style sheets and scripts that this program was built with.
struct OwnText {
  std::string_view text;
};

class Element {
 public:
  explicit Element(TagName tag);

  Element& set(AttributeName name, std::string_view value);
  Element& set(AttributeName name);  // one that is there or not: hidden, open
  Element& set_class(std::string_view names) { return set("class", names); }
  Element& set_id(const Id& id);
  // Links go to places on the page alone.
  Element& link_to(const Id& id);
  // Of img, and of image within svg.
  Element& show_png(std::span<const std::byte> png);
  // Of a meta element.
  Element& set_policy(std::string_view policy);

  Element& text(std::string_view utf8);
  Element& add(const Element& child);
  // Throws std::logic_error for a text that would end its element.
  Element& add_own(OwnText own);

  [[nodiscard]] bool is_empty() const { return body_.empty(); }
  [[nodiscard]] std::string render() const;

 private:
  void append_to(std::string& out) const;
  Element& set_raw(std::string_view name, std::string_view escaped);

  std::string_view tag_;
  std::string attributes_;
  std::string body_;
};

// As it stands in an element or between quotes.
std::string escape_markup(std::string_view utf8);

}  // namespace glimpse::reports
