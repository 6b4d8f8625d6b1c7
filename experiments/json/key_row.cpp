#include "experiments/json/key_row.h"

#include <utility>
#include <variant>

namespace glimpse::experiments {
namespace {

std::size_t last_dot(std::string_view path) {
  return path.rfind('.');
}

}  // namespace

std::string_view key_of(const KeyRow& row) {
  const std::string_view path = row.path;
  return path.substr(last_dot(path) + 1);  // npos + 1 is 0
}

std::string_view section_of(const KeyRow& row) {
  const std::string_view path = row.path;
  const std::size_t dot = last_dot(path);
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

JsonNode make_node(double number) {
  return {.value = number, .place = {}};
}

JsonNode make_node(std::string text) {
  return {.value = std::move(text), .place = {}};
}

JsonNode make_node(const Value& value) {
  return std::visit([](const auto& content) { return JsonNode{.value = content, .place = {}}; },
                    value);
}

JsonNode make_node(const std::vector<Value>& values) {
  JsonItems items;
  for (const Value& value : values) {
    items.push_back(make_node(value));
  }
  return {.value = std::move(items), .place = {}};
}

JsonNode make_node(const std::vector<std::string>& texts) {
  JsonItems items;
  for (const std::string& text : texts) {
    items.push_back(make_node(text));
  }
  return {.value = std::move(items), .place = {}};
}

}  // namespace glimpse::experiments
