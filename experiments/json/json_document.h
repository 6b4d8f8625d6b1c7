#pragma once

// A JSON text as a tree that remembers where everything stands, read strictly: what RFC 8259 allows
// plus comments. Plain data, free to copy and edit; no library type shows.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/json/issue_list.h"

namespace glimpse::experiments {

struct JsonNode;
struct JsonMember;
using JsonItems = std::vector<JsonNode>;
using JsonMembers = std::vector<JsonMember>;  // in the order of the text

enum class JsonOrigin : std::uint8_t { kText, kCommandLine, kDefault };

struct JsonNode {
  // JSON has one kind of number. Whole numbers that it would round are refused.
  std::variant<std::nullptr_t, bool, double, std::string, JsonItems, JsonMembers> value;
  Place place;  // of the value's first character
  JsonOrigin origin = JsonOrigin::kText;
};

struct JsonMember {
  std::string key;
  Place key_place;
  JsonNode node;
};

inline constexpr std::size_t kMaxJsonBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxJsonDepth = 32;

// Adds what is wrong to `issues`. A duplicate key does not end the reading (the first one counts);
// after a syntax error there is no tree.
std::optional<JsonNode> parse_json(std::string_view text, IssueList& issues);

// Null where there is none. Takes the first of duplicates.
const JsonNode* find_member(const JsonMembers& members, std::string_view key);
JsonNode* find_member(JsonMembers& members, std::string_view key);

// What a value is, for "expected a number, found ...": `"five"`, `3`, `a list`.
std::string describe(const JsonNode& node);

}  // namespace glimpse::experiments
