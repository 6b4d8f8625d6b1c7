#pragma once

// A parameter's value. JSON knows one kind of number, so 1 and 1.0 are the same value here and in a
// trial's key; what must be a whole number is checked by the model table.

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace glimpse::experiments {

// Whole numbers beyond this cannot all be told apart in JSON, so no seed, and nothing else that
// goes into a key, is larger.
inline constexpr std::int64_t kMaxWhole = (std::int64_t{1} << 53) - 1;

using Value = std::variant<bool, double, std::string>;

// Parameter names with one value each. Sorted by name, so that nothing depends on key order.
using Assignment = std::map<std::string, Value>;

// Holds where every named parameter has one of the listed values.
using Condition = std::map<std::string, std::vector<Value>>;

bool holds(const Condition& condition, const Assignment& assignment);

// As canonical JSON: true, 0.0005, "conv".
std::string render_json(const Value& value);
// One object, names in code-unit order, as RFC 8785 wants it.
std::string render_json(const Assignment& assignment);
// As it stands in a command line or a table: strings without quotes.
std::string render_plain(const Value& value);

}  // namespace glimpse::experiments
