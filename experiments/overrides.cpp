#include "experiments/overrides.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

// Quotes stay in the values: they tell the reader that a number is meant as a string.
std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values(1);
  bool is_quoted = false;
  for (const char c : text) {
    is_quoted = is_quoted != (c == '"');
    if (c == ',' && !is_quoted) {
      values.emplace_back();
    } else {
      values.back() += c;
    }
  }
  return values;
}

Override split(std::string_view word) {
  const std::size_t equals = word.find('=');
  return {.text = std::string(word),
          .key = std::string(word.substr(0, equals)),
          .values = split_values(word.substr(equals + 1))};
}

Issue issue(std::string word, std::string_view problem) {
  return {.pointer = "", .message = word.append(": ").append(problem)};
}

std::string problem_of(const Override& entry, const std::set<std::string>& seen) {
  const bool has_gap = std::any_of(entry.values.begin(),
                                   entry.values.end(),
                                   [](const std::string& value) { return value.empty(); });
  if (has_gap) {
    return entry.values.size() == 1 ? "no value behind \"=\"" : "an empty value in the list";
  }
  return seen.contains(entry.key) ? "the key is given twice" : "";
}

}  // namespace

bool is_override(std::string_view word) {
  const std::size_t equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
           return is_key_character(c);
         });
}

std::vector<Override> parse_overrides(std::span<const std::string> words) {
  std::vector<Override> overrides;
  std::vector<Issue> issues;
  std::set<std::string> seen;
  for (const std::string& word : words) {
    if (!is_override(word)) {
      issues.push_back(issue(word, "must look like key=value"));
      continue;
    }
    Override entry = split(word);
    if (const std::string problem = problem_of(entry, seen); !problem.empty()) {
      issues.push_back(issue(word, problem));
    }
    seen.insert(entry.key);
    overrides.push_back(std::move(entry));
  }
  if (!issues.empty()) {
    throw StudyError("command line", std::move(issues));
  }
  return overrides;
}

}  // namespace glimpse::experiments
