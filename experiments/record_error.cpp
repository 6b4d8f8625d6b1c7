#include "experiments/record_error.h"

#include <algorithm>
#include <utility>

namespace glimpse::experiments {
namespace {

// Keys come from the line as they are, control characters included.
std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(),
      text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      '?');
  return text;
}

std::string render(const std::string& source, const Issue& issue, std::size_t others) {
  const std::string text = on_one_line(render_issue(source, issue));
  return others == 0 ? text : text + " (and " + std::to_string(others) + " more)";
}

}  // namespace

RecordError::RecordError(const std::string& source, Issue issue, std::size_t others)
    : std::runtime_error(render(source, issue, others)), issue_(std::move(issue)) {}

}  // namespace glimpse::experiments
