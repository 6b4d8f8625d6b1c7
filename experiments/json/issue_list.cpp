#include "experiments/json/issue_list.h"

#include <algorithm>
#include <climits>
#include <tuple>
#include <utility>

namespace glimpse::experiments {
namespace {

auto order_of(const Issue& issue) {
  return std::tuple(issue.line > 0 ? issue.line : INT_MAX, issue.column);
}

}  // namespace

void IssueList::add(Place place, std::string pointer, std::string message, std::string source) {
  if (is_full()) {
    ++left_out_;
    return;
  }
  unread_.push_back(pointer);
  issues_.push_back({.pointer = std::move(pointer),
                     .message = std::move(message),
                     .line = place.line,
                     .column = place.column,
                     .source = std::move(source)});
}

void IssueList::add_missing(Place place,
                            const std::string& pointer,
                            const std::string& key,
                            std::string source) {
  add(place, pointer, "missing key \"" + key + "\"", std::move(source));
  if (!is_full()) {
    unread_.back() = join_pointer(pointer, key);
  }
}

std::vector<Issue> IssueList::sorted() const {
  std::vector<Issue> sorted = issues_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Issue& a, const Issue& b) {
    return order_of(a) < order_of(b);
  });
  if (left_out_ > 0) {
    sorted.push_back({.pointer = "", .message = "and " + std::to_string(left_out_) + " more"});
  }
  return sorted;
}

void IssueList::check(const std::string& source) const {
  if (!issues_.empty()) {
    throw StudyError(source, sorted());
  }
}

std::string join_pointer(std::string_view pointer, std::string_view key) {
  return std::string(pointer) + '/' + escape_pointer(key);
}

}  // namespace glimpse::experiments
