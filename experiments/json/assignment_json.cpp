#include "experiments/json/assignment_json.h"

#include <cstddef>
#include <utility>

#include "experiments/json/key_row.h"

namespace glimpse::experiments {
namespace {

Condition read_condition(const ValueReader& reader, const Vocabulary& vocabulary) {
  Condition condition;
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return condition;
  }
  for (const auto& [name, value] : object->members()) {
    if (vocabulary.accepts_name(name, value)) {
      condition.emplace(name, read_values(value, name, vocabulary));
    }
  }
  if (object->is_empty()) {
    reader.complain("must name at least one parameter");
  }
  return condition;
}

}  // namespace

std::optional<Assignment> read_assignment(const ValueReader& reader, const Vocabulary& vocabulary) {
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return std::nullopt;
  }
  Assignment assignment;
  for (const auto& [name, value] : object->members()) {
    if (!vocabulary.accepts_name(name, value)) {
      continue;
    }
    if (const auto content = read_value(value, name, vocabulary)) {
      assignment.emplace(name, *content);
    }
  }
  return assignment;
}

JsonNode make_node(const Assignment& assignment) {
  JsonMembers members;
  for (const auto& [name, value] : assignment) {
    members.push_back({name, {}, make_node(value)});
  }
  return {.value = std::move(members), .place = {}};
}

std::vector<Assignment> read_assignments(const ValueReader& reader, const Vocabulary& vocabulary) {
  std::vector<Assignment> assignments;
  const std::optional<std::size_t> size = reader.list();
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    if (auto assignment = read_assignment(reader.item(i), vocabulary)) {
      assignments.push_back(std::move(*assignment));
    }
  }
  return assignments;
}

std::optional<JsonNode> write_assignments(const std::vector<Assignment>& assignments) {
  if (assignments.empty()) {
    return std::nullopt;
  }
  JsonItems items;
  for (const Assignment& assignment : assignments) {
    items.push_back(make_node(assignment));
  }
  return JsonNode{.value = std::move(items), .place = {}};
}

void read_when(const ValueReader& reader, Study& study) {
  const Vocabulary vocabulary(study);
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return;
  }
  for (const auto& [name, value] : object->members()) {
    if (vocabulary.accepts_name(name, value)) {
      study.when.emplace(name, read_condition(value, vocabulary));
    }
  }
}

std::optional<JsonNode> write_when(const Study& study) {
  if (study.when.empty()) {
    return std::nullopt;
  }
  JsonMembers members;
  for (const auto& [name, condition] : study.when) {
    JsonMembers conditions;
    for (const auto& [other, values] : condition) {
      conditions.push_back({other, {}, make_node(values)});
    }
    members.push_back({name, {}, {.value = std::move(conditions), .place = {}}});
  }
  return JsonNode{.value = std::move(members), .place = {}};
}

}  // namespace glimpse::experiments
