#pragma once

// Says in plain words what is wrong where a JSON parser stopped. Pure functions.

#include <cstddef>
#include <string>
#include <string_view>

#include "experiments/json/issue_list.h"

namespace glimpse::experiments {

// What the parser had understood before it stopped.
struct SyntaxState {
  enum class Last { kNothing, kOpening, kKey, kValue };
  Last last = Last::kNothing;
  bool is_open = false;  // inside an object or a list
  bool in_object = false;
  std::size_t token_end = 0;  // offset behind the last token that was understood
  std::size_t consumed = 0;   // offset behind the last byte that was looked at
  bool is_overflow = false;   // the number is well-formed, but no double holds it
};

struct SyntaxMistake {
  std::size_t offset = 0;
  std::string message;
};

SyntaxMistake explain_syntax(std::string_view text, const SyntaxState& state);

}  // namespace glimpse::experiments
