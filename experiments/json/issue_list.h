#pragma once

// Collects what is wrong with a text while it is read, so that all of it can be told at once.

#include <string>
#include <string_view>
#include <vector>

#include "experiments/study_error.h"

namespace glimpse::experiments {

// Where something stands in a text; line 0: nowhere.
struct Place {
  int line = 0;
  int column = 0;  // in characters, from 1
};

class IssueList {
 public:
  // A hostile file can hold a million mistakes; nobody reads more than this many.
  static constexpr std::size_t kMost = 1000;

  // What the pointer names counts as unread from now on.
  void add(Place place, std::string pointer, std::string message, std::string source = "");
  // Told of the object, but what counts as unread is the key alone.
  void add_missing(Place place,
                   const std::string& pointer,
                   const std::string& key,
                   std::string source);

  [[nodiscard]] bool empty() const { return issues_.empty(); }
  // Further issues are only counted: callers may save themselves the search for a better message.
  [[nodiscard]] bool is_full() const { return issues_.size() >= kMost; }
  // Pointers to all that was complained about.
  [[nodiscard]] const std::vector<std::string>& unread() const { return unread_; }
  // In the order of the text; what has no place in it comes last.
  [[nodiscard]] std::vector<Issue> sorted() const;
  // Throws StudyError if there is anything.
  void check(const std::string& source) const;

 private:
  std::vector<Issue> issues_;
  std::vector<std::string> unread_;
  std::size_t left_out_ = 0;
};

// One step added to a JSON pointer: "/a" and "b/c" make "/a/b~1c".
std::string join_pointer(std::string_view pointer, std::string_view key);

}  // namespace glimpse::experiments
