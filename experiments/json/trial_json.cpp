#include "experiments/json/trial_json.h"

#include <algorithm>
#include <array>
#include <vector>

#include "experiments/json/issue_list.h"
#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/json_writer.h"
#include "experiments/model_table.h"
#include "experiments/nearest.h"
#include "experiments/study_error.h"

namespace glimpse::experiments {
namespace {

constexpr std::int64_t kMaxWorldSize = 1024;
const std::array<std::string, 2> kKinds = {"train", "command"};

std::string read_hash(const ValueReader& value) {
  std::string text = value.text().value_or("");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (text.size() != 64 || !std::ranges::all_of(text, is_digit)) {
    value.refuse("must be 64 hexadecimal digits");
  }
  return text;
}

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (const ParameterRow& row : parameter_rows()) {
    names.push_back(row.name);
  }
  return names;
}

void read_parameter(const std::string& name, const ValueReader& value, Assignment& parameters) {
  if (!is_parameter(name)) {
    value.complain_key("unknown parameter" + did_you_mean(name, parameter_names()));
    return;
  }
  const std::optional<Value> content = value.scalar();
  if (!content) {
    return;
  }
  if (const auto problem = value_problem(name, *content)) {
    value.complain(*problem);
  } else {
    parameters.emplace(name, *content);
  }
}

// A value may fit one row of its name and not the one that applies.
void check_parameter(const std::string& name, const ValueReader& value, const Assignment& given) {
  const auto found = given.find(name);
  if (found == given.end()) {
    return;
  }
  const ParameterRow* const row = find_row(name, given);
  if (row == nullptr) {
    value.complain_key("has no meaning beside the other values");
  } else if (const auto problem = value_problem(*row, found->second)) {
    value.complain(*problem);
  }
}

Assignment read_parameters(const ValueReader& value) {
  Assignment given;
  auto object = value.object();
  if (!object) {
    return given;
  }
  const auto members = object->members();
  for (const auto& [name, member] : members) {
    read_parameter(name, member, given);
  }
  for (const auto& [name, member] : members) {
    check_parameter(name, member, given);
  }
  return resolve(given);
}

Assignment read_command_parameters(const ValueReader& value) {
  Assignment given;
  if (auto object = value.object()) {
    for (const auto& [name, member] : object->members()) {
      if (const std::optional<Value> content = member.scalar()) {
        given.emplace(name, *content);
      }
    }
  }
  return given;
}

std::map<std::string, std::string> read_origins(const ValueReader& value) {
  std::map<std::string, std::string> origins;
  if (auto object = value.object()) {
    for (const auto& [name, member] : object->members()) {
      origins.emplace(name, member.text().value_or(""));
    }
  }
  return origins;
}

TrialFile read_trial(ObjectReader& object) {
  TrialFile trial;
  if (const auto value = object.find("kind")) {
    trial.is_command = value->choice(kKinds) == std::size_t{1};
  }
  if (const auto value = object.find("code")) {
    trial.code = value->text().value_or("");
  }
  if (const auto value = object.find("key")) {
    trial.key = read_hash(*value);
  }
  if (const auto value = object.find("dataset")) {
    trial.dataset = read_hash(*value);
  }
  if (const auto value = object.find("arm")) {
    trial.arm = value->text().value_or("");
  }
  if (const auto value = object.find("seed")) {
    trial.seed = static_cast<std::uint64_t>(value->whole(0, kMaxWhole).value_or(1));
  }
  if (const auto value = object.find("world_size")) {
    trial.world_size = static_cast<int>(value->whole(1, kMaxWorldSize).value_or(1));
  }
  if (const auto value = object.require("parameters")) {
    trial.parameters = trial.is_command ? read_command_parameters(*value) : read_parameters(*value);
  }
  if (const auto value = object.find("origins")) {
    trial.origins = read_origins(*value);
  }
  object.finish();
  return trial;
}

}  // namespace

TrialFile parse_trial(std::string_view text, const std::string& source) {
  IssueList issues;
  TrialFile trial;
  if (const auto root = parse_json(text, issues)) {
    if (auto object = ValueReader(*root, root->place, "", issues).object()) {
      trial = read_trial(*object);
    }
  }
  issues.check(source);
  return trial;
}

TrialFile parse_training(std::string_view text, const std::string& source) {
  TrialFile trial = parse_trial(text, source);
  if (trial.is_command) {
    throw StudyError(source,
                     {{.pointer = "/kind",
                       .message = "the trial is one of a command, and only built-in models are "
                                  "trained here (start it with 'glimpse run')"}});
  }
  return trial;
}

std::string render_trial(const TrialFile& trial) {
  JsonWriter json(2);
  json.begin_object();
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) {
      json.key(key).string(text);
    }
  };
  add("kind", kKinds.at(trial.is_command ? 1 : 0));
  add("code", trial.code);
  add("key", trial.key);
  add("dataset", trial.dataset);
  add("arm", trial.arm);
  json.key("seed").integer(static_cast<std::int64_t>(trial.seed));
  json.key("world_size").integer(trial.world_size);
  json.key("parameters").begin_object();
  for (const auto& [name, value] : trial.parameters) {
    json.key(name).raw(render_json(value));
  }
  json.end_object();
  json.key("origins").begin_object();
  for (const auto& [name, origin] : trial.origins) {
    json.key(name).string(origin);
  }
  json.end_object().end_object();
  return json.text() + "\n";
}

}  // namespace glimpse::experiments
