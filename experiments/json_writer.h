#pragma once

// Writes JSON into a string. Keys come in the order the caller gives them; a caller that gives them
// sorted gets RFC 8785 text, because numbers and strings are always written that way.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace glimpse::experiments {

void append_json_string(std::string& out, std::string_view utf8);
// Shortest text that reads back as the same number, laid out as ECMAScript does (1e21, 5e-7).
// A number that is not finite becomes null: JSON has no word for it.
void append_json_number(std::string& out, double number);

class JsonWriter {
 public:
  // With indent 0 everything stands on one line.
  explicit JsonWriter(int indent = 0) : indent_(indent) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view text);
  JsonWriter& number(double value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // Text that is JSON already.
  JsonWriter& raw(std::string_view json);

  [[nodiscard]] const std::string& text() const { return out_; }
  // Hands out what was written since the last time, for documents too long to hold; writing goes on
  // behind it.
  [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

 private:
  void before_value();
  void newline();
  JsonWriter& close(char bracket);

  struct Level {
    bool is_empty = true;
  };
  std::string out_;
  std::vector<Level> levels_;
  int indent_;
  bool after_key_ = false;
};

}  // namespace glimpse::experiments
