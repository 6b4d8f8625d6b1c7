#include "experiments/value.h"

#include <algorithm>

#include "experiments/json_writer.h"

namespace glimpse::experiments {
namespace {

void append_json(std::string& out, const Value& value) {
  if (const bool* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const double* number = std::get_if<double>(&value)) {
    append_json_number(out, *number);
  } else {
    append_json_string(out, std::get<std::string>(value));
  }
}

}  // namespace

bool holds(const Condition& condition, const Assignment& assignment) {
  return std::all_of(condition.begin(), condition.end(), [&](const auto& entry) {
    const auto found = assignment.find(entry.first);
    return found != assignment.end() &&
           std::find(entry.second.begin(), entry.second.end(), found->second) != entry.second.end();
  });
}

std::string render_json(const Value& value) {
  std::string text;
  append_json(text, value);
  return text;
}

std::string render_json(const Assignment& assignment) {
  std::string text = "{";
  for (const auto& [name, value] : assignment) {
    if (text.size() > 1) {
      text += ',';
    }
    append_json_string(text, name);
    text += ':';
    append_json(text, value);
  }
  return text + "}";
}

std::string render_plain(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : render_json(value);
}

}  // namespace glimpse::experiments
