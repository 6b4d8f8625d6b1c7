#include "experiments/json/study_issues.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/study_check.h"

namespace glimpse::experiments {
namespace {

// The second is not judged where the first could not be read.
struct Dependence {
  std::string_view broken;
  std::string_view silenced;
};
constexpr std::array<Dependence, 15> kDependences{{
    {"/kind", ""},
    {"/method", "/points"},
    {"/method", "/run_cap"},
    {"/method", "/parameters"},
    {"/parameters", "/points"},
    {"/parameters", "/when"},
    {"/parameters", "/exclude"},
    {"/parameters", "/table"},
    {"/parameters", "/continue_from"},
    {"/points", "/when"},
    {"/points", "/table"},
    {"/dataset", "/parameters"},
    {"/seeds", "/table/select/seeds"},
    {"/table/rows", "/table"},
    {"/table/columns", "/table"},
}};

// True for "/a" of "/a" and "/a/b", not of "/ab".
bool is_within(std::string_view pointer, std::string_view outer) {
  return pointer.starts_with(outer) &&
         (pointer.size() == outer.size() || pointer[outer.size()] == '/');
}

bool follows_from(std::string_view pointer, std::string_view complained) {
  if (is_within(pointer, complained) || is_within(complained, pointer)) {
    return true;
  }
  return std::any_of(kDependences.begin(), kDependences.end(), [&](const Dependence& rule) {
    return is_within(complained, rule.broken) && is_within(pointer, rule.silenced);
  });
}

// "~1" is a slash and "~0" a tilde.
std::string unescape(std::string_view step) {
  std::string key;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool is_escape = step[i] == '~' && i + 1 < step.size();
    key += is_escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return key;
}

// One step down a JSON pointer; null where it leads nowhere.
const JsonNode* child_of(const JsonNode& node, std::string_view step) {
  if (const auto* members = std::get_if<JsonMembers>(&node.value)) {
    return find_member(*members, unescape(step));
  }
  const auto* items = std::get_if<JsonItems>(&node.value);
  std::size_t index = 0;
  std::from_chars(step.data(), step.data() + step.size(), index);
  return items != nullptr && index < items->size() ? &(*items)[index] : nullptr;
}

// The value at a pointer, or the last one on the way to it.
const JsonNode& nearest_node(const JsonNode& root, std::string_view pointer) {
  const JsonNode* node = &root;
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const JsonNode* child = child_of(*node, pointer.substr(1, end - 1));
    if (child == nullptr) {
      break;
    }
    node = child;
    pointer.remove_prefix(end);
  }
  return *node;
}

}  // namespace

// A study that is damaged all over is not looked at as a whole: nobody reads past the first lines.
void add_study_issues(const Study& study, const JsonNode& root, IssueList& issues) {
  const std::vector<Issue> complaints = issues.sorted();
  std::vector<Issue> found = issues.is_full() ? std::vector<Issue>{} : check_study(study);
  for (Issue& issue : found) {
    const bool is_told =
        std::any_of(complaints.begin(), complaints.end(), [&](const Issue& complaint) {
          return !complaint.pointer.empty() && follows_from(issue.pointer, complaint.pointer);
        });
    if (is_told) {
      continue;
    }
    const JsonNode& node = nearest_node(root, issue.pointer);
    const bool is_override = node.origin == JsonOrigin::kCommandLine;
    issues.add(node.place,
               std::move(issue.pointer),
               std::move(issue.message),
               is_override ? "command line" : "");
  }
}

}  // namespace glimpse::experiments
