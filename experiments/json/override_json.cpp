#include "experiments/json/override_json.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/dataset_table.h"
#include "experiments/json/key_row.h"
#include "experiments/model_table.h"
#include "experiments/nearest.h"

namespace glimpse::experiments {
namespace {

constexpr JsonOrigin kHere = JsonOrigin::kCommandLine;

template <typename Content>
JsonNode make_given(Content&& content) {
  return {.value = std::forward<Content>(content), .place = {}, .origin = kHere};
}

std::string unquoted(const std::string& text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// As JSON would take it without quotes; all else is a string. Quotes make a string of a number.
JsonNode make_scalar(const std::string& text) {
  if (text == "true" || text == "false") {
    return make_given(text == "true");
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // from_chars knows words for infinity and NaN.
  const bool is_word = text.find_first_of("nN") != std::string::npos;
  if (error == std::errc() && end == text.data() + text.size() && !is_word) {
    return make_given(number);
  }
  return make_given(unquoted(text));
}

// Items of a list are told apart one by one: "1,auto" holds a number and a string.
JsonNode make_list(const std::vector<std::string>& values) {
  JsonItems items;
  for (const std::string& value : values) {
    items.push_back(make_scalar(value));
  }
  return make_given(std::move(items));
}

// What stands behind "=".
std::string whole_text(const Override& entry) {
  return entry.text.substr(entry.key.size() + 1);
}

class Overrider {
 public:
  Overrider(JsonNode& root, IssueList& issues) : root_(root), issues_(issues) {}

  void apply(const Override& entry);

 private:
  void set_key(const KeyRow& row, const Override& entry);
  void set_dataset_value(const std::string& name, const Override& entry);
  void set_parameter(const std::string& name, const Override& entry);
  void set_at(std::string_view path, JsonNode node);
  JsonMembers* section(JsonNode& parent, std::string_view key);
  [[nodiscard]] bool is_command() const;
  [[nodiscard]] bool has_parameter(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> known_names() const;
  [[nodiscard]] std::string hint(const std::string& key) const;
  void complain(const Override& entry, const std::string& message) {
    issues_.add({}, "", entry.text + ": " + message, "command line");
  }

  JsonNode& root_;
  IssueList& issues_;
};

// The object under a key, made where there is none; null where something else stands there, which
// the reader will complain about.
JsonMembers* Overrider::section(JsonNode& parent, std::string_view key) {
  auto& members = std::get<JsonMembers>(parent.value);
  JsonNode* node = find_member(members, key);
  if (node == nullptr) {
    members.push_back({std::string(key), {}, make_given(JsonMembers{})});
    node = &members.back().node;
  }
  return std::get_if<JsonMembers>(&node->value);
}

void Overrider::set_at(std::string_view path, JsonNode node) {
  JsonNode* parent = &root_;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    if (section(*parent, path.substr(0, dot)) == nullptr) {
      return;
    }
    parent = find_member(std::get<JsonMembers>(parent->value), path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  auto& members = std::get<JsonMembers>(parent->value);
  if (JsonNode* old = find_member(members, path)) {
    *old = std::move(node);
  } else {
    members.push_back({std::string(path), {}, std::move(node)});
  }
}

// The type of the row decides what a word means: notes=1 is a text, seeds=1 a number.
void Overrider::set_key(const KeyRow& row, const Override& entry) {
  switch (row.type) {
    case KeyType::kName:
    case KeyType::kText:
    case KeyType::kChoice:
    case KeyType::kDuration:
    case KeyType::kSize:
      set_at(row.path, make_given(unquoted(whole_text(entry))));
      return;
    case KeyType::kTextList: {
      JsonItems items;
      for (const std::string& value : entry.values) {
        items.push_back(make_given(unquoted(value)));
      }
      set_at(row.path, make_given(std::move(items)));
      return;
    }
    case KeyType::kWhole:
    case KeyType::kWholeOrAuto:
    case KeyType::kReal:
    case KeyType::kSeeds:
    case KeyType::kShareOfLast:
      set_at(
          row.path,
          entry.values.size() == 1 ? make_scalar(entry.values.front()) : make_list(entry.values));
      return;
    default:
      complain(entry, "\"" + entry.key + "\" holds more than a word can say: edit the study");
  }
}

// Asked of the tree, because the study is read only after all overrides are in it.
bool Overrider::is_command() const {
  const JsonNode* kind = find_member(std::get<JsonMembers>(root_.value), "kind");
  const auto* text = kind == nullptr ? nullptr : std::get_if<std::string>(&kind->value);
  return text != nullptr && *text == "command";
}

bool Overrider::has_parameter(const std::string& name) const {
  const JsonNode* node = find_member(std::get<JsonMembers>(root_.value), "parameters");
  const auto* parameters = node == nullptr ? nullptr : std::get_if<JsonMembers>(&node->value);
  return parameters != nullptr && find_member(*parameters, name) != nullptr;
}

// Replaces the whole space: a range of the study and a value of the command line do not mix.
void Overrider::set_parameter(const std::string& name, const Override& entry) {
  if (JsonMembers* parameters = section(root_, "parameters")) {
    const bool is_one = entry.values.size() == 1;
    JsonMembers space;
    space.push_back({is_one ? "value" : "values",
                     {},
                     is_one ? make_scalar(entry.values.front()) : make_list(entry.values)});
    JsonNode node = make_given(std::move(space));
    if (JsonNode* old = find_member(*parameters, name)) {
      *old = std::move(node);
    } else {
      parameters->push_back({name, {}, std::move(node)});
    }
  }
}

// A value that the study sweeps, or that the command line does, is a parameter.
void Overrider::set_dataset_value(const std::string& name, const Override& entry) {
  if (entry.values.size() > 1 || has_parameter(name)) {
    set_parameter(name, entry);
  } else {
    set_at(name, make_scalar(entry.values.front()));
  }
}

// Only for the suggestion; parameters come first, because most overrides are meant for them.
std::vector<std::string> Overrider::known_names() const {
  std::vector<std::string> names;
  if (is_command()) {
    const JsonNode* node = find_member(std::get<JsonMembers>(root_.value), "parameters");
    const auto* parameters = node == nullptr ? nullptr : std::get_if<JsonMembers>(&node->value);
    for (const JsonMember& member : parameters == nullptr ? JsonMembers{} : *parameters) {
      names.push_back(member.key);
    }
  } else {
    for (const ParameterRow& row : parameter_rows()) {
      names.push_back(row.name);
    }
  }
  for (const ParameterRow& row : dataset_rows()) {
    names.push_back(std::string(kDatasetPrefix) + row.name);
  }
  for (const KeyRow& row : key_rows()) {
    names.push_back(row.path);
  }
  return names;
}

// `train=100` is what a dataset takes by itself; beside a study it has another name.
std::string Overrider::hint(const std::string& key) const {
  return find_dataset_row(key) != nullptr
             ? " (did you mean \"" + std::string(kDatasetPrefix) + key + "\"?)"
             : did_you_mean(key, known_names());
}

void Overrider::apply(const Override& entry) {
  const auto rows = key_rows();
  const auto row = std::find_if(
      rows.begin(), rows.end(), [&](const KeyRow& one) { return one.path == entry.key; });
  const bool is_dataset_value =
      entry.key.starts_with(kDatasetPrefix) &&
      find_dataset_row(std::string_view(entry.key).substr(kDatasetPrefix.size())) != nullptr;
  if (row != rows.end()) {
    set_key(*row, entry);
  } else if (is_dataset_value) {
    set_dataset_value(entry.key, entry);
  } else if (is_command() ? has_parameter(entry.key) : is_parameter(entry.key)) {
    set_parameter(entry.key, entry);
  } else {
    complain(entry, "unknown key" + hint(entry.key));
  }
}

}  // namespace

void apply_overrides(JsonNode& root, std::span<const Override> overrides, IssueList& issues) {
  Overrider overrider(root, issues);
  for (const Override& entry : overrides) {
    overrider.apply(entry);
  }
}

}  // namespace glimpse::experiments
