#include "experiments/json/object_reader.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "experiments/json/json_text.h"
#include "experiments/json_writer.h"
#include "experiments/nearest.h"
#include "experiments/units.h"

namespace glimpse::experiments {
namespace {

std::string render(double number) {
  std::string text;
  append_json_number(text, number);
  return text;
}

std::string join(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "\"" : ", \"") + name + '"';
  }
  return text;
}

void complain_at(IssueList& issues,
                 const JsonNode& node,
                 Place place,
                 std::string pointer,
                 std::string message) {
  // Only what was read from a text has a place, and only in that text.
  const bool is_override = node.origin == JsonOrigin::kCommandLine;
  issues.add(is_override ? Place{} : place,
             std::move(pointer),
             std::move(message),
             is_override ? "command line" : "");
}

}  // namespace

template <typename Content>
const Content* ValueReader::get(const std::string& wanted) const {
  const auto* content = std::get_if<Content>(&node_->value);
  if (content == nullptr) {
    refuse(wanted);
  }
  return content;
}

void ValueReader::complain(const std::string& message) const {
  complain_at(*issues_, *node_, node_->place, pointer_, message);
}

void ValueReader::complain_key(const std::string& message) const {
  complain_at(*issues_, *node_, key_place_, pointer_, message);
}

void ValueReader::refuse(const std::string& wanted) const {
  complain("must be " + wanted + ", not " + describe(*node_));
}

std::optional<bool> ValueReader::flag() const {
  const bool* value = get<bool>("true or false");
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::string> ValueReader::text() const {
  const auto* value = get<std::string>("a string");
  if (value == nullptr) {
    return std::nullopt;
  }
  // Such a text would end early in every file name, argument and C call it comes to.
  if (value->find('\0') != std::string::npos) {
    complain("must not contain a zero character");
    return std::nullopt;
  }
  return *value;
}

std::optional<double> ValueReader::number() const {
  const double* value = get<double>("a number");
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<double> ValueReader::real(double min, double max) const {
  const std::string wanted = "a number from " + render(min) + " to " + render(max);
  const double* value = get<double>(wanted);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (*value < min || *value > max) {
    refuse(wanted);
    return std::nullopt;
  }
  return *value;
}

std::optional<std::int64_t> ValueReader::whole(std::int64_t min, std::int64_t max) const {
  const std::string wanted =
      "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  const double* value = get<double>(wanted);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (std::trunc(*value) != *value || *value < static_cast<double>(min) ||
      *value > static_cast<double>(max)) {
    refuse(wanted);
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*value);
}

std::optional<std::size_t> ValueReader::choice(std::span<const std::string> choices) const {
  const std::string wanted = "one of " + join(choices);
  const auto* value = get<std::string>(wanted);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto found = std::find(choices.begin(), choices.end(), *value);
  if (found == choices.end()) {
    complain("must be " + wanted + ", not " + describe(*node_) + did_you_mean(*value, choices));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - choices.begin());
}

std::optional<double> ValueReader::duration(double min_s, double max_s) const {
  const std::string wanted = R"(a duration such as "90s", "10m", "8h" or "2d")";
  const auto* value = get<std::string>(wanted);
  if (value == nullptr) {
    return std::nullopt;
  }
  const std::optional<double> seconds = parse_duration(*value);
  if (!seconds) {
    refuse(wanted);
    return std::nullopt;
  }
  if (*seconds < min_s || *seconds > max_s) {
    refuse("from " + render_duration(min_s) + " to " + render_duration(max_s));
    return std::nullopt;
  }
  return seconds;
}

std::optional<std::uint64_t> ValueReader::size(std::uint64_t min_bytes) const {
  const std::string wanted = R"(a size such as "512MiB" or "16GiB")";
  const auto* value = get<std::string>(wanted);
  if (value == nullptr) {
    return std::nullopt;
  }
  const std::optional<std::uint64_t> bytes = parse_size(*value);
  if (!bytes) {
    refuse(wanted);
    return std::nullopt;
  }
  if (*bytes < min_bytes) {
    refuse("at least " + render_size(min_bytes));
    return std::nullopt;
  }
  return bytes;
}

std::optional<Value> ValueReader::scalar() const {
  if (const bool* flag = std::get_if<bool>(&node_->value)) {
    return *flag;
  }
  if (const double* number = std::get_if<double>(&node_->value)) {
    return *number;
  }
  if (std::holds_alternative<std::string>(node_->value)) {
    return text();
  }
  refuse("a number, a string, true or false");
  return std::nullopt;
}

std::optional<std::size_t> ValueReader::list() const {
  const auto* items = get<JsonItems>("a list");
  return items == nullptr ? std::nullopt : std::optional(items->size());
}

ValueReader ValueReader::item(std::size_t index) const {
  const JsonNode& node = std::get<JsonItems>(node_->value).at(index);
  return {node, node.place, pointer_ + '/' + std::to_string(index), *issues_};
}

std::optional<ObjectReader> ValueReader::object() const {
  if (get<JsonMembers>("an object") == nullptr) {
    return std::nullopt;
  }
  return ObjectReader(*node_, pointer_, *issues_);
}

const JsonMembers& ObjectReader::content() const {
  return std::get<JsonMembers>(self_.node().value);
}

ValueReader ObjectReader::reader(const JsonMember& member) const {
  return {
      member.node, member.key_place, join_pointer(self_.pointer(), shorten(member.key)), *issues_};
}

std::optional<ValueReader> ObjectReader::find(const std::string& key) {
  known_.insert(key);
  const JsonMembers& members = content();
  const auto found = std::find_if(
      members.begin(), members.end(), [&](const JsonMember& member) { return member.key == key; });
  return found == members.end() ? std::nullopt : std::optional(reader(*found));
}

std::optional<ValueReader> ObjectReader::require(const std::string& key) {
  std::optional<ValueReader> value = find(key);
  if (!value) {
    const bool is_override = self_.node().origin == JsonOrigin::kCommandLine;
    issues_->add_missing(is_override ? Place{} : self_.node().place,
                         self_.pointer(),
                         key,
                         is_override ? "command line" : "");
  }
  return value;
}

std::vector<std::pair<std::string, ValueReader>> ObjectReader::members() {
  std::vector<std::pair<std::string, ValueReader>> readers;
  for (const JsonMember& member : content()) {
    if (known_.insert(member.key).second) {
      readers.emplace_back(member.key, reader(member));
    }
  }
  return readers;
}

void ObjectReader::finish() {
  const std::vector<std::string> names(known_.begin(), known_.end());
  for (const JsonMember& member : content()) {
    if (!known_.contains(member.key)) {
      reader(member).complain_key("unknown key" +
                                  (issues_->is_full() ? "" : did_you_mean(member.key, names)));
    }
  }
}

}  // namespace glimpse::experiments
