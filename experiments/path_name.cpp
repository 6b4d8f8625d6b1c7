#include "experiments/path_name.h"

#include <algorithm>
#include <cstddef>

namespace glimpse::experiments {
namespace {

constexpr std::size_t kLongest = 64;

// Not std::isalnum: what counts as a letter must not depend on the locale.
bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool is_path_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongest && is_word_character(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return is_word_character(c) || c == '.' || c == '-';
         });
}

}  // namespace glimpse::experiments
