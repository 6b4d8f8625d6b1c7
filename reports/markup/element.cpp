#include "reports/markup/element.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "reports/markup/base64.h"
#include "reports/text_width.h"

namespace glimpse::reports {
namespace {

constexpr std::array<std::string_view, 6> kWithoutEnd = {
    "meta", "img", "input", "br", "hr", "link"};
// Blanks around these show nowhere, so each gets a line of its own, and two pages can be compared.
constexpr std::array<std::string_view, 42> kOnLines = {
    "html",    "head",   "meta",    "title",   "style",   "script",     "body",  "header", "main",
    "nav",     "footer", "section", "h1",      "h2",      "h3",         "p",     "ul",     "li",
    "dl",      "dt",     "dd",      "div",     "table",   "caption",    "thead", "tbody",  "tr",
    "details", "form",   "figure",  "summary", "article", "figcaption", "svg",   "desc",   "g",
    "path",    "line",   "rect",    "circle",  "image",   "fieldset"};

template <std::size_t kCount>
bool is_among(std::string_view tag, const std::array<std::string_view, kCount>& tags) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

}  // namespace

std::string escape_markup(std::string_view utf8) {
  std::string out;
  for (const char c : escape_controls(utf8)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Id Id::with(std::size_t number) const {
  Id id = *this;
  id.text_ += '-' + std::to_string(number);
  return id;
}

Element::Element(TagName tag) : tag_(tag.text()) {
  if (tag_ == "svg") {
    set_raw("xmlns", "http://www.w3.org/2000/svg");
  }
}

Element& Element::set_raw(std::string_view name, std::string_view escaped) {
  attributes_ += ' ';
  attributes_ += name;
  attributes_ += "=\"";
  attributes_ += escaped;
  attributes_ += '"';
  return *this;
}

Element& Element::set(AttributeName name, std::string_view value) {
  return set_raw(name.text(), escape_markup(value));
}

Element& Element::set(AttributeName name) {
  return set_raw(name.text(), "");
}

Element& Element::set_id(const Id& id) {
  return set_raw("id", id.text());
}

Element& Element::link_to(const Id& id) {
  return set_raw("href", '#' + id.text());
}

Element& Element::show_png(std::span<const std::byte> png) {
  return set_raw(tag_ == "image" ? "href" : "src", "data:image/png;base64," + base64(png));
}

Element& Element::set_policy(std::string_view policy) {
  return set_raw("http-equiv", "Content-Security-Policy").set("content", policy);
}

Element& Element::text(std::string_view utf8) {
  body_ += escape_markup(utf8);
  return *this;
}

Element& Element::add(const Element& child) {
  const bool is_on_line = is_among(child.tag_, kOnLines);
  if (is_on_line && (body_.empty() || body_.back() != '\n')) {
    body_ += '\n';
  }
  child.append_to(body_);
  if (is_on_line) {
    body_ += '\n';
  }
  return *this;
}

Element& Element::add_own(OwnText own) {
  if (own.text.find("</") != std::string_view::npos) {
    throw std::logic_error("embed a style sheet or script: it holds \"</\", which would end it");
  }
  body_ += own.text;
  return *this;
}

std::string Element::render() const {
  std::string out;
  append_to(out);
  return out;
}

void Element::append_to(std::string& out) const {
  out += '<';
  out += tag_;
  out += attributes_;
  out += '>';
  if (is_among(tag_, kWithoutEnd)) {
    return;
  }
  out += body_;
  out += "</";
  out += tag_;
  out += '>';
}

}  // namespace glimpse::reports
