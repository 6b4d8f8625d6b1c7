#pragma once

// printf into a string: columns and fixed digits for people. A pure function.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>

namespace glimpse::worker {

// At most 255 characters; what is longer is cut.
template <typename... Values>
std::string format(const char* pattern, Values... values) {
  std::string text(256, '\0');
  const int size = std::snprintf(text.data(), text.size(), pattern, values...);
  text.resize(std::min(static_cast<std::size_t>(size), text.size() - 1));
  return text;
}

}  // namespace glimpse::worker
