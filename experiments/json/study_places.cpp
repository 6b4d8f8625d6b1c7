#include "experiments/json/study_places.h"

#include <algorithm>
#include <charconv>
#include <variant>

namespace glimpse::experiments {
namespace {

// "~1" is a slash and "~0" a tilde.
std::string unescape(std::string_view step) {
  std::string key;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool is_escape = step[i] == '~' && i + 1 < step.size();
    key += is_escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return key;
}

// One step down; null where it leads nowhere.
const JsonNode* child_of(const JsonNode& node, const std::string& step) {
  if (const auto* members = std::get_if<JsonMembers>(&node.value)) {
    return find_member(*members, step);
  }
  const auto* items = std::get_if<JsonItems>(&node.value);
  std::size_t index = 0;
  std::from_chars(step.data(), step.data() + step.size(), index);
  return items != nullptr && index < items->size() ? &(*items)[index] : nullptr;
}

}  // namespace

std::vector<std::string> split_pointer(std::string_view pointer) {
  std::vector<std::string> steps;
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    steps.push_back(unescape(pointer.substr(1, end - 1)));
    pointer.remove_prefix(end);
  }
  return steps;
}

const JsonNode& nearest_node(const JsonNode& root, std::string_view pointer) {
  const JsonNode* node = &root;
  for (const std::string& step : split_pointer(pointer)) {
    const JsonNode* child = child_of(*node, step);
    if (child == nullptr) {
      break;
    }
    node = child;
  }
  return *node;
}

StudyError StudyPlaces::locate(const StudyError& error) const {
  std::vector<Issue> issues = error.issues();
  for (Issue& issue : issues) {
    const JsonNode& node = nearest_node(root_, issue.pointer);
    const bool has_place = issue.line > 0 || !issue.source.empty() || issue.pointer.empty();
    if (!has_place && node.origin == JsonOrigin::kCommandLine) {
      issue.source = "command line";
    } else if (!has_place) {
      issue.line = node.place.line;
      issue.column = node.place.column;
    }
  }
  return {source_, std::move(issues)};
}

}  // namespace glimpse::experiments
