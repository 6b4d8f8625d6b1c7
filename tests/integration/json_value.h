#pragma once

// What the program printed under --json, by JSON pointer. Every look-up that fails throws, so a
// test that reads a value that is not there is red.

#include <stdexcept>
#include <string>

#include "experiments/json/json_document.h"

namespace glimpse::tests {

class JsonValue {
 public:
  explicit JsonValue(const std::string& text) {
    experiments::IssueList issues;
    const auto root = experiments::parse_json(text, issues);
    if (!root || !issues.empty()) {
      throw std::runtime_error("not one JSON value: " + text);
    }
    root_ = *root;
  }

  [[nodiscard]] std::string text(const std::string& pointer) const {
    return std::get<std::string>(at(pointer).value);
  }
  [[nodiscard]] double number(const std::string& pointer) const {
    return std::get<double>(at(pointer).value);
  }
  [[nodiscard]] bool flag(const std::string& pointer) const {
    return std::get<bool>(at(pointer).value);
  }
  [[nodiscard]] std::size_t size(const std::string& pointer) const {
    return std::get<experiments::JsonItems>(at(pointer).value).size();
  }

 private:
  [[nodiscard]] const experiments::JsonNode& at(const std::string& pointer) const {
    const experiments::JsonNode* node = &root_;
    for (std::size_t from = 1; from <= pointer.size();) {
      const std::size_t slash = std::min(pointer.find('/', from), pointer.size());
      const std::string key = pointer.substr(from, slash - from);
      if (const auto* members = std::get_if<experiments::JsonMembers>(&node->value)) {
        node = experiments::find_member(*members, key);
      } else {
        node = &std::get<experiments::JsonItems>(node->value).at(std::stoul(key));
      }
      if (node == nullptr) {
        throw std::runtime_error("nothing at " + pointer);
      }
      from = slash + 1;
    }
    return *node;
  }

  experiments::JsonNode root_;
};

}  // namespace glimpse::tests
