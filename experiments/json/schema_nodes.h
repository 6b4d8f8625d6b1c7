#pragma once

// Parts of a JSON Schema as trees that can be printed. Pure functions.

#include <initializer_list>
#include <string>
#include <vector>

#include "experiments/json/json_document.h"

namespace glimpse::experiments::schema {

struct Entry {
  std::string key;
  JsonNode node;
};

JsonNode text(const char* content);
JsonNode flag(bool content);
JsonNode object(std::initializer_list<Entry> entries);
JsonNode list(JsonItems items);
void add(JsonNode& node, const std::string& key, JsonNode member);

// {"type": ...}, {"$ref": ...} and {"anyOf": ...}, which is left out around a single one.
JsonNode typed(const char* type);
JsonNode reference(const std::string& name);
JsonNode any_of(JsonItems items);
// A number; both ends included.
JsonNode between(const char* type, double min, double max);

JsonNode array_of(JsonNode item);
// At least one item, none twice.
JsonNode set_of(JsonNode item);
// An object that has these keys and no others.
JsonNode closed_object(JsonNode properties, const std::vector<std::string>& required = {});
// An object whose keys its user chooses.
JsonNode open_object(JsonNode value);
// The same object with at least one key.
JsonNode not_empty(JsonNode node);

}  // namespace glimpse::experiments::schema
