#include "experiments/json/study_schema.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/dataset_table.h"
#include "experiments/json/json_print.h"
#include "experiments/json/key_codecs.h"
#include "experiments/json/key_row.h"
#include "experiments/json/limits_json.h"
#include "experiments/json/schema_nodes.h"
#include "experiments/json/space_json.h"
#include "experiments/model_table.h"
#include "experiments/parameter_lookup.h"

namespace glimpse::experiments {
namespace {

using schema::add;
using schema::any_of;
using schema::array_of;
using schema::between;
using schema::closed_object;
using schema::flag;
using schema::list;
using schema::not_empty;
using schema::object;
using schema::open_object;
using schema::reference;
using schema::set_of;
using schema::text;
using schema::typed;

// The forms of units.h and path_name.h as regular expressions; ranges of durations are left to the
// reader, because a pattern cannot compare numbers.
constexpr const char* kDurationPattern = "^[0-9]+(\\.[0-9]+)?[smhd]$";
constexpr const char* kSizePattern = "^[0-9]+(B|KiB|MiB|GiB|TiB)$";
constexpr const char* kNamePattern = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$";

// An object whose keys are a command's parameters.
JsonNode of_command(JsonNode node) {
  std::vector<std::string> given(kGivenNames.begin(), kGivenNames.end());
  add(node,
      "propertyNames",
      object({{"pattern", text(kNamePattern)}, {"not", object({{"enum", make_node(given)}})}}));
  return node;
}

JsonNode scalar() {
  return object({{"type", list({text("boolean"), text("number"), text("string")})}});
}

JsonNode value_schema(const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::kBool:
      return typed("boolean");
    case ParameterType::kInteger:
      return between("integer", row.min, row.max);
    case ParameterType::kReal:
      return between("number", row.min, row.max);
    case ParameterType::kText:
      return typed("string");
    case ParameterType::kChoice:
      break;
  }
  return object({{"enum", make_node(row.choices)}});
}

bool is_number(const ParameterRow& row) {
  return row.type == ParameterType::kInteger || row.type == ParameterType::kReal;
}

// All that a study may say of one parameter: a value, values, or a range of numbers.
JsonNode space_schema(const JsonNode& value, bool has_ranges) {
  JsonNode values = set_of(value);
  JsonItems forms{closed_object(object({{"value", value}}), {"value"}),
                  closed_object(object({{"values", std::move(values)}}), {"values"})};
  if (has_ranges) {
    std::vector<std::string> even = distribution_names();
    const std::string normal = even.back();
    even.pop_back();
    forms.push_back(closed_object(object({{"min", value},
                                          {"max", value},
                                          {"distribution", object({{"enum", make_node(even)}})}}),
                                  {"min", "max"}));
    forms.push_back(closed_object(
        object({{"mu", value},
                {"sigma", object({{"type", text("number")}, {"exclusiveMinimum", make_node(0.0)}})},
                {"distribution", object({{"const", make_node(normal)}})}}),
        {"mu", "sigma", "distribution"}));
  }
  return object({{"anyOf", list(std::move(forms))}});
}

struct NamedRow {
  std::string name;
  const ParameterRow* row;
};

// Rows of the model table and, with their prefix, of the dataset table; those of one name together.
std::vector<NamedRow> all_rows() {
  std::vector<NamedRow> rows;
  for (const ParameterRow& row : parameter_rows()) {
    rows.push_back({row.name, &row});
  }
  for (const ParameterRow& row : dataset_rows()) {
    rows.push_back({std::string(kDatasetPrefix) + row.name, &row});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const NamedRow& a, const NamedRow& b) {
    return a.name < b.name;
  });
  return rows;
}

// `filters` has a row for each model with a default of its own, but one range.
bool is_same_range(const ParameterRow& a, const ParameterRow& b) {
  return a.type == b.type && a.min == b.min && a.max == b.max && a.choices == b.choices;
}

// Calls use(name, schema of a value, whether ranges make sense, doc) for every parameter.
template <typename Use>
void for_each_parameter(const Use& use) {
  const std::vector<NamedRow> rows = all_rows();
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = std::find_if(
        first, rows.end(), [&](const NamedRow& row) { return row.name != first->name; });
    JsonItems schemas;
    for (auto row = first; row != last; ++row) {
      if (row == first || !is_same_range(*row->row, *first->row)) {
        schemas.push_back(value_schema(*row->row));
      }
    }
    use(first->name, any_of(std::move(schemas)), is_number(*first->row), first->row->doc);
    first = last;
  }
}

JsonNode parameters_schema() {
  JsonNode properties = object({});
  for_each_parameter(
      [&](const std::string& name, const JsonNode& value, bool has_ranges, const std::string& doc) {
        JsonNode space = space_schema(value, has_ranges);
        add(space, "description", make_node(doc));
        add(properties, name, std::move(space));
      });
  return closed_object(std::move(properties));
}

JsonNode assignment_schema() {
  JsonNode properties = object({});
  for_each_parameter([&](const std::string& name,
                         const JsonNode& value,
                         bool /*has_ranges*/,
                         const std::string& /*doc*/) { add(properties, name, value); });
  return closed_object(std::move(properties));
}

JsonNode when_schema() {
  JsonNode conditions = object({});
  JsonNode properties = object({});
  for_each_parameter([&](const std::string& name,
                         const JsonNode& value,
                         bool /*has_ranges*/,
                         const std::string& /*doc*/) {
    add(conditions, name, set_of(value));
    add(properties, name, reference("condition"));
  });
  return object({{"condition", not_empty(closed_object(std::move(conditions)))},
                 {"when", closed_object(std::move(properties))}});
}

JsonNode dataset_schema() {
  JsonNode properties = object({});
  for (const ParameterRow& row : dataset_rows()) {
    JsonNode value = value_schema(row);
    add(value, "default", make_node(row.default_value));
    add(value, "description", make_node(row.doc));
    add(properties, row.name, std::move(value));
  }
  return closed_object(std::move(properties));
}

// A cell may name any axis: which ones there are only the whole study tells.
JsonNode published_schema() {
  JsonNode cell = open_object(scalar());
  add(cell, "properties", object({{"value", typed("number")}}));
  add(cell, "required", make_node(std::vector<std::string>{"value"}));
  return array_of(std::move(cell));
}

JsonNode claims_schema() {
  JsonNode pair = array_of(reference("cell"));
  add(pair, "minItems", make_node(2.0));
  add(pair, "maxItems", make_node(2.0));
  return array_of(
      any_of({closed_object(object({{"below", std::move(pair)}}), {"below"}),
              closed_object(object({{"best", reference("cell")}, {"among", reference("cell")}}),
                            {"best", "among"})}));
}

JsonNode resource_limits_schema() {
  JsonNode properties = object({});
  for (const std::string& name : size_limit_names()) {
    add(properties, name, object({{"type", text("string")}, {"pattern", text(kSizePattern)}}));
  }
  for (const std::string& name : count_limit_names()) {
    add(properties, name, between("integer", 0, static_cast<double>(kMaxWhole)));
  }
  return closed_object(std::move(properties));
}

JsonNode log_patterns_schema() {
  JsonNode pattern = object({{"type", text("string")},
                             {"minLength", make_node(1.0)},
                             {"maxLength", make_node(static_cast<double>(kLongestLogPattern))}});
  JsonNode patterns =
      array_of(closed_object(object({{"pattern", std::move(pattern)},
                                     {"class", object({{"enum", make_node(fault_names())}})}}),
                             {"pattern", "class"}));
  add(patterns, "maxItems", make_node(static_cast<double>(kMostLogPatterns)));
  return patterns;
}

JsonNode seeds_schema() {
  return any_of({between("integer", 1, static_cast<double>(kMostSeeds)),
                 set_of(between("integer", 0, static_cast<double>(kMaxWhole)))});
}

JsonNode section_schema(std::string_view section);

// Keys whose form depends on the kind of the study are only said to be objects or lists here.
JsonNode key_schema(const KeyRow& row) {
  switch (row.type) {
    case KeyType::kSection:
      return section_schema(row.path);
    case KeyType::kName:
      return object({{"type", text("string")}, {"pattern", text(kNamePattern)}});
    case KeyType::kText:
      return typed("string");
    case KeyType::kTextList:
      return row.is_required ? set_of(typed("string")) : array_of(typed("string"));
    case KeyType::kChoice:
      return object({{"enum", make_node(row.choices)}});
    case KeyType::kWhole:
      return between("integer", row.min, row.max);
    case KeyType::kWholeOrAuto:
      return any_of({between("integer", row.min, row.max), object({{"const", text("auto")}})});
    case KeyType::kReal:
      return between("number", row.min, row.max);
    case KeyType::kDuration:
      return object({{"type", text("string")}, {"pattern", text(kDurationPattern)}});
    case KeyType::kSize:
      return object({{"type", text("string")}, {"pattern", text(kSizePattern)}});
    case KeyType::kSeeds:
      return seeds_schema();
    case KeyType::kShareOfLast:
      return object({{"type", text("array")},
                     {"prefixItems", list({between("integer", 1, 1e6), between("number", 0, 1)})},
                     {"minItems", make_node(2.0)},
                     {"maxItems", make_node(2.0)}});
    case KeyType::kDataset:
      return dataset_schema();
    case KeyType::kParameters:
      return open_object(typed("object"));
    case KeyType::kConditions:
      return open_object(not_empty(open_object(set_of(scalar()))));
    case KeyType::kAssignments:
      return array_of(reference("cell"));
    case KeyType::kPublished:
      return published_schema();
    case KeyType::kClaims:
      return claims_schema();
    case KeyType::kResourceLimits:
      return resource_limits_schema();
    case KeyType::kLogPatterns:
      return log_patterns_schema();
  }
  return object({});
}

// Defaults are only told, never filled in: that is the reader's part.
JsonNode section_schema(std::string_view section) {
  JsonNode properties = object({});
  std::vector<std::string> required;
  for (const KeyRow& row : key_rows()) {
    if (section_of(row) != section) {
      continue;
    }
    JsonNode schema = key_schema(row);
    if (!row.fallback.empty() && row.type != KeyType::kSection) {
      IssueList issues;
      if (auto fallback = parse_json(row.fallback, issues)) {
        add(schema, "default", std::move(*fallback));
      }
    }
    add(schema, "description", make_node(row.doc));
    add(properties, std::string(key_of(row)), std::move(schema));
    if (row.is_required) {
      required.emplace_back(key_of(row));
    }
  }
  return closed_object(std::move(properties), required);
}

JsonNode definitions() {
  JsonNode defs = when_schema();
  add(defs, "cell", open_object(scalar()));
  add(defs, "assignment", assignment_schema());
  add(defs, "parameters", parameters_schema());
  add(defs, "space", space_schema(scalar(), true));
  return defs;
}

}  // namespace

std::string render_schema() {
  JsonNode schema = section_schema("");
  auto& members = std::get<JsonMembers>(schema.value);
  members.insert(members.begin(),
                 {{"$schema", {}, text("https://json-schema.org/draft/2020-12/schema")},
                  {"title", {}, text("Glimpse study")}});
  // The built-in models have parameters of their own; those of a command are its user's affair.
  add(schema,
      "if",
      object({{"properties", object({{"kind", object({{"const", text("command")}})}})},
              {"required", make_node(std::vector<std::string>{"kind"})}}));
  add(schema,
      "then",
      object({{"properties",
               object({{"command", object({{"minItems", make_node(1.0)}})},
                       {"parameters", of_command(open_object(reference("space")))},
                       {"points", array_of(of_command(object({})))},
                       {"exclude", array_of(of_command(not_empty(object({}))))},
                       {"when", of_command(open_object(of_command(object({}))))}})},
              {"required", make_node(std::vector<std::string>{"command"})}}));
  add(schema,
      "else",
      object({{"properties",
               object({{"command", object({{"maxItems", make_node(0.0)}})},
                       {"parameters", reference("parameters")},
                       {"points", array_of(reference("assignment"))},
                       {"exclude", array_of(not_empty(reference("assignment")))},
                       {"when", reference("when")}})}}));
  add(schema, "$defs", definitions());
  return print_json(schema);
}

}  // namespace glimpse::experiments
