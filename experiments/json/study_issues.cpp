#include "experiments/json/study_issues.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/json/study_places.h"
#include "experiments/json/vocabulary.h"
#include "experiments/parameter_lookup.h"
#include "experiments/study_check.h"
#include "experiments/table_check.h"

namespace glimpse::experiments {
namespace {

// The second is not judged where the first could not be read.
struct Dependence {
  std::string_view broken;
  std::string_view silenced;
};
constexpr std::array<Dependence, 11> kDependences{{
    {"/kind", ""},
    {"/method", "/points"},
    {"/method", "/run_cap"},
    {"/method", "/parameters"},
    {"/dataset", "/dataset"},
    {"/seeds", "/table/select/seeds"},
    {"/table/rows", "/table/columns"},
    {"/table/rows", "/table/published"},
    {"/table/rows", "/table/claims"},
    {"/table/columns", "/table/published"},
    {"/table/columns", "/table/claims"},
}};
// What names parameters, and is not judged where one was left without a name.
constexpr std::array<std::string_view, 4> kNaming{"/points", "/when", "/exclude", "/table"};

// True for "/a" of "/a" and "/a/b", not of "/ab".
bool is_within(std::string_view pointer, std::string_view outer) {
  return pointer.starts_with(outer) &&
         (pointer.size() == outer.size() || pointer[outer.size()] == '/');
}

// What could not be read, and so cannot be judged either.
class Unread {
 public:
  Unread(const std::vector<std::string>& pointers, const Vocabulary& vocabulary)
      : pointers_(pointers.begin(), pointers.end()) {
    // Complaints about no value at all, as of the command line, say nothing about any.
    pointers_.erase("");
    for (const std::string& pointer : pointers_) {
      add_name(split_pointer(pointer), vocabulary);
      for (const Dependence& rule : kDependences) {
        if (is_within(pointer, rule.broken)) {
          silenced_.insert(rule.silenced);
        }
      }
    }
  }

  [[nodiscard]] bool decides(const Issue& issue, const JsonNode& culprit) const {
    return is_within_unread(issue.pointer) || holds_unread(issue.pointer) ||
           names_unread(issue.pointer, culprit) ||
           std::any_of(silenced_.begin(), silenced_.end(), [&](std::string_view outer) {
             return is_within(issue.pointer, outer);
           });
  }

 private:
  // "/parameters/NAME" and "/points/3/NAME" with all below them.
  void add_name(const std::vector<std::string>& steps, const Vocabulary& vocabulary) {
    const bool is_point = steps.front() == "points";
    const std::size_t at = is_point ? 2 : 1;
    if (!is_point && steps.front() != "parameters") {
      return;
    }
    if (steps.size() <= at) {
      silenced_.insert(kNaming.begin(), kNaming.end());
      return;
    }
    names_.insert(steps[at]);
    // A name that is spelt wrongly leaves the one that was meant without its values.
    if (const auto meant = vocabulary.nearest(steps[at])) {
      names_.insert(*meant);
    }
  }

  [[nodiscard]] bool is_within_unread(std::string_view pointer) const {
    for (; !pointer.empty(); pointer = pointer.substr(0, pointer.rfind('/'))) {
      if (pointers_.contains(pointer)) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool holds_unread(const std::string& pointer) const {
    const auto next = pointers_.lower_bound(pointer + '/');
    return next != pointers_.end() && is_within(*next, pointer);
  }

  [[nodiscard]] bool is_unread_name(const JsonNode& node) const {
    const auto* text = std::get_if<std::string>(&node.value);
    return text != nullptr && names_.contains(*text);
  }

  [[nodiscard]] bool names_unread(std::string_view pointer, const JsonNode& culprit) const {
    const std::vector<std::string> steps = split_pointer(pointer);
    const auto* items = std::get_if<JsonItems>(&culprit.value);
    return is_unread_name(culprit) ||
           (items != nullptr &&
            std::any_of(items->begin(),
                        items->end(),
                        [&](const JsonNode& item) { return is_unread_name(item); })) ||
           std::any_of(steps.begin(), steps.end(), [&](const std::string& step) {
             return names_.contains(step);
           });
  }

  std::set<std::string, std::less<>> pointers_;
  std::set<std::string, std::less<>> names_;  // of parameters
  std::set<std::string_view> silenced_;
};

// The command line may leave out cells of which the study's text tells something.
std::vector<Issue> find_cells_missing_in_text(const Study& study, const JsonNode& root) {
  std::vector<Issue> issues = find_missing_cells(study);
  std::erase_if(issues, [&](const Issue& issue) {
    const std::string axis = split_pointer(issue.pointer).back();
    return nearest_node(root, parameter_pointer(axis)).origin == JsonOrigin::kCommandLine;
  });
  return issues;
}

std::vector<Issue> find_all(const Study& study, const JsonNode& root) {
  std::vector<Issue> issues = check_study(study);
  std::vector<Issue> missing = find_cells_missing_in_text(study, root);
  std::move(missing.begin(), missing.end(), std::back_inserter(issues));
  return issues;
}

}  // namespace

// A study that is damaged all over is not looked at as a whole: nobody reads past the first lines.
void add_study_issues(const Study& study, const JsonNode& root, IssueList& issues) {
  const Unread unread(issues.unread(), Vocabulary(study));
  std::vector<Issue> found = issues.is_full() ? std::vector<Issue>{} : find_all(study, root);
  for (Issue& issue : found) {
    const JsonNode& node = nearest_node(root, issue.pointer);
    if (unread.decides(issue, node)) {
      continue;
    }
    const bool is_override = node.origin == JsonOrigin::kCommandLine;
    issues.add(node.place,
               std::move(issue.pointer),
               std::move(issue.message),
               is_override ? "command line" : "");
  }
}

}  // namespace glimpse::experiments
