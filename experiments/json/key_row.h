#pragma once

// One key of a study: how it is read, printed, described and what it is where it is left out. The
// rows are the only place that knows the keys; reader, printer, schema and documentation walk them.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// Decides how a key is described in the schema, in documentation and on the command line. How it
// is read is the business of the row's functions.
enum class KeyType {
  kSection,  // an object whose keys have rows of their own
  kName,     // a text that may become a path
  kText,
  kTextList,
  kChoice,
  kWhole,
  kWholeOrAuto,
  kReal,
  kDuration,
  kSize,
  kSeeds,
  kShareOfLast,
  kDataset,
  kParameters,
  kConditions,
  kAssignments,
  kPublished,
  kClaims,
  kResourceLimits,
  kLogPatterns
};

struct KeyRow {
  std::string path;  // "limits.stop_if.first"
  KeyType type = KeyType::kText;
  double min = 0;  // kWhole, kWholeOrAuto, kReal; seconds for kDuration: both ends included
  double max = 0;
  std::vector<std::string> choices = {};
  std::string fallback = {};  // JSON, read where the key is missing; "" for none
  bool is_required = false;
  std::string doc = {};
  std::function<void(const ValueReader&, Study&)> read = {};
  std::function<std::optional<JsonNode>(const Study&)> write = {};  // nothing: it is not set
};

// In the order in which a study is read and printed; a row may rely on those before it.
std::span<const KeyRow> key_rows();

// The last step of a path, and what stands before it ("" for a key of the study itself).
std::string_view key_of(const KeyRow& row);
std::string_view section_of(const KeyRow& row);

// Values as parts of a tree that is to be printed; they have no place.
JsonNode make_node(double number);
JsonNode make_node(std::string text);
JsonNode make_node(const Value& value);
JsonNode make_node(const std::vector<Value>& values);
JsonNode make_node(const std::vector<std::string>& texts);

}  // namespace glimpse::experiments
