#include "experiments/study_error.h"

#include <utility>

namespace glimpse::experiments {
namespace {

std::string render_all(const std::string& source, const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    if (!text.empty()) {
      text += '\n';
    }
    text += render_issue(source, issue);
  }
  return text;
}

}  // namespace

StudyError::StudyError(std::string source, std::vector<Issue> issues)
    : std::runtime_error(render_all(source, issues)),
      source_(std::move(source)),
      issues_(std::move(issues)) {}

std::string escape_pointer(std::string_view key) {
  std::string token;
  for (const char c : key) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

std::string render_issue(const std::string& source, const Issue& issue) {
  std::string text = issue.source.empty() ? source : issue.source;
  if (issue.line > 0) {
    text += ":" + std::to_string(issue.line) + ":" + std::to_string(issue.column);
  }
  text += ": ";
  if (!issue.pointer.empty()) {
    text += issue.pointer + ": ";
  }
  return text + issue.message;
}

}  // namespace glimpse::experiments
