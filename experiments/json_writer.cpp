#include "experiments/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

namespace glimpse::experiments {
namespace {

// ECMAScript's Number::toString from the shortest digits and the position of the decimal point.
std::string lay_out(std::string_view digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (count <= point && point <= 21) {
    return std::string(digits) + std::string(static_cast<std::size_t>(point - count), '0');
  }
  if (0 < point && point <= 21) {
    const auto whole = static_cast<std::size_t>(point);
    return std::string(digits.substr(0, whole)) + "." + std::string(digits.substr(whole));
  }
  if (-6 < point && point <= 0) {
    return "0." + std::string(static_cast<std::size_t>(-point), '0') + std::string(digits);
  }
  std::string text(digits.substr(0, 1));
  if (count > 1) {
    text += "." + std::string(digits.substr(1));
  }
  const int exponent = point - 1;
  return text + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

}  // namespace

void append_json_string(std::string& out, std::string_view utf8) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : utf8) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[static_cast<unsigned char>(c) >> 4];
          out += kHex[static_cast<unsigned char>(c) & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  if (number == 0) {  // minus zero too
    out += '0';
    return;
  }
  std::array<char, 32> buffer{};
  const std::to_chars_result written = std::to_chars(buffer.data(),
                                                     buffer.data() + buffer.size(),
                                                     std::abs(number),
                                                     std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) {
    digits += text.substr(2, e - 2);
  }
  int exponent = 0;
  const std::size_t sign = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + sign, text.data() + text.size(), exponent);
  if (number < 0) {
    out += '-';
  }
  out += lay_out(digits, exponent + 1);
}

JsonWriter& JsonWriter::begin_object() {
  before_value();
  out_ += '{';
  levels_.push_back({});
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  before_value();
  out_ += '[';
  levels_.push_back({});
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  return close('}');
}
JsonWriter& JsonWriter::end_array() {
  return close(']');
}

JsonWriter& JsonWriter::close(char bracket) {
  const bool was_empty = levels_.back().is_empty;
  levels_.pop_back();
  if (!was_empty) {
    newline();
  }
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  before_value();
  append_json_string(out_, name);
  out_ += indent_ > 0 ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  before_value();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  before_value();
  append_json_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  return raw(std::to_string(value));
}
JsonWriter& JsonWriter::boolean(bool value) {
  return raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) {
    return;
  }
  if (!levels_.back().is_empty) {
    out_ += ',';
  }
  levels_.back().is_empty = false;
  newline();
}

void JsonWriter::newline() {
  if (indent_ > 0) {
    out_ += '\n';
    out_.append(levels_.size() * static_cast<std::size_t>(indent_), ' ');
  }
}

}  // namespace glimpse::experiments
