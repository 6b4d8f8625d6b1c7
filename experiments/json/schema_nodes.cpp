#include "experiments/json/schema_nodes.h"

#include <utility>

#include "experiments/json/key_row.h"

namespace glimpse::experiments::schema {

JsonNode text(const char* content) {
  return make_node(std::string(content));
}

JsonNode flag(bool content) {
  return {.value = content, .place = {}};
}

JsonNode object(std::initializer_list<Entry> entries) {
  JsonMembers members;
  for (const Entry& entry : entries) {
    members.push_back({entry.key, {}, entry.node});
  }
  return {.value = std::move(members), .place = {}};
}

JsonNode list(JsonItems items) {
  return {.value = std::move(items), .place = {}};
}

void add(JsonNode& node, const std::string& key, JsonNode member) {
  std::get<JsonMembers>(node.value).push_back({key, {}, std::move(member)});
}

JsonNode typed(const char* type) {
  return object({{"type", text(type)}});
}

JsonNode reference(const std::string& name) {
  return object({{"$ref", make_node("#/$defs/" + name)}});
}

JsonNode any_of(JsonItems items) {
  return items.size() == 1 ? items.front() : object({{"anyOf", list(std::move(items))}});
}

JsonNode between(const char* type, double min, double max) {
  return object({{"type", text(type)}, {"minimum", make_node(min)}, {"maximum", make_node(max)}});
}

JsonNode array_of(JsonNode item) {
  return object({{"type", text("array")}, {"items", std::move(item)}});
}

JsonNode closed_object(JsonNode properties, const std::vector<std::string>& required) {
  JsonNode node = object({{"type", text("object")},
                          {"properties", std::move(properties)},
                          {"additionalProperties", flag(false)}});
  if (!required.empty()) {
    add(node, "required", make_node(required));
  }
  return node;
}

JsonNode open_object(JsonNode value) {
  return object({{"type", text("object")}, {"additionalProperties", std::move(value)}});
}

JsonNode set_of(JsonNode item) {
  JsonNode node = array_of(std::move(item));
  add(node, "minItems", make_node(1.0));
  add(node, "uniqueItems", flag(true));
  return node;
}

JsonNode not_empty(JsonNode node) {
  add(node, "minProperties", make_node(1.0));
  return node;
}

}  // namespace glimpse::experiments::schema
