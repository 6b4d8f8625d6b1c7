#pragma once

// What is wrong with a study, a plan or an override. One error may carry several issues, because a
// reader that stops at the first mistake makes its user run it once per mistake.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace glimpse::experiments {

struct Issue {
  std::string pointer;      // JSON pointer (RFC 6901) of the culprit, "" for the whole document
  std::string message;      // what is wrong, and what to do where that is known
  int line = 0;             // from 1; 0 where the issue has no place in a text
  int column = 0;           // from 1, in characters, not bytes
  std::string source = {};  // where it differs from the error's: "command line"

  bool operator==(const Issue&) const = default;
};

class StudyError : public std::runtime_error {
 public:
  // `source` names the text: a file name, or "command line".
  StudyError(std::string source, std::vector<Issue> issues);

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] const std::vector<Issue>& issues() const { return issues_; }

 private:
  std::string source_;
  std::vector<Issue> issues_;
};

// One token of a JSON pointer: "/" and "~" are written "~1" and "~0".
std::string escape_pointer(std::string_view key);

// "table1.json:12:7: /parameters/droput: unknown key (did you mean "dropout"?)"
std::string render_issue(const std::string& source, const Issue& issue);

}  // namespace glimpse::experiments
