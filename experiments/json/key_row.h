#pragma once

// One key of a study: how it is read, printed, described and what it is where it is left out. The
// rows are the only place that knows the keys; reader, printer, schema and documentation walk them.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "experiments/json/json_document.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"
#include "experiments/units.h"

namespace glimpse::experiments {

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

JsonNode make_node(double number);
JsonNode make_node(std::string text);
JsonNode make_node(const Value& value);
JsonNode make_node(const std::vector<Value>& values);
JsonNode make_node(const std::vector<std::string>& texts);

struct Span {
  double min;
  double max;
};

// Makers of rows. `field` is a generic function from a study, const or not, to the member that the
// key fills: [](auto& study) -> auto& { return study.resources.cores; }. A member that is an
// optional is set only where the key is given.

template <typename Field>
using FieldType = std::remove_cvref_t<std::invoke_result_t<Field, Study&>>;

template <typename T>
struct Unwrapped {
  using type = T;
};
template <typename T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};

// What a member holds; nothing where it is an optional that is not set.
template <typename T>
std::optional<T> content_of(const T& member) {
  return member;
}
template <typename T>
std::optional<T> content_of(const std::optional<T>& member) {
  return member;
}

// A row whose member is read by `take` (reader to optional content) and written by `give`.
template <typename Field, typename Take, typename Give>
KeyRow bind(KeyRow row, Field field, Take take, Give give) {
  using Content = typename Unwrapped<FieldType<Field>>::type;
  row.read = [=](const ValueReader& value, Study& study) {
    if (const auto content = take(value)) {
      field(study) = static_cast<Content>(*content);
    }
  };
  row.write = [=](const Study& study) -> std::optional<JsonNode> {
    const std::optional<Content> content = content_of(field(study));
    return content ? std::optional(give(*content)) : std::nullopt;
  };
  return row;
}

template <typename Field>
KeyRow whole_row(std::string path, Span span, std::string fallback, std::string doc, Field field) {
  return bind(
      {.path = std::move(path),
       .type = KeyType::kWhole,
       .min = span.min,
       .max = span.max,
       .fallback = std::move(fallback),
       .doc = std::move(doc)},
      field,
      [span](const ValueReader& value) {
        return value.whole(static_cast<std::int64_t>(span.min),
                           static_cast<std::int64_t>(span.max));
      },
      [](auto number) { return make_node(static_cast<double>(number)); });
}

template <typename Field>
KeyRow real_row(std::string path, Span span, std::string fallback, std::string doc, Field field) {
  return bind(
      {.path = std::move(path),
       .type = KeyType::kReal,
       .min = span.min,
       .max = span.max,
       .fallback = std::move(fallback),
       .doc = std::move(doc)},
      field,
      [span](const ValueReader& value) { return value.real(span.min, span.max); },
      [](double number) { return make_node(number); });
}

template <typename Field>
KeyRow duration_row(
    std::string path, Span seconds, std::string fallback, std::string doc, Field field) {
  return bind(
      {.path = std::move(path),
       .type = KeyType::kDuration,
       .min = seconds.min,
       .max = seconds.max,
       .fallback = std::move(fallback),
       .doc = std::move(doc)},
      field,
      [seconds](const ValueReader& value) { return value.duration(seconds.min, seconds.max); },
      [](double number) { return make_node(render_duration(number)); });
}

// The choices stand in the order of the enumeration.
template <typename Field>
KeyRow choice_row(std::string path,
                  std::vector<std::string> choices,
                  std::string fallback,
                  std::string doc,
                  Field field) {
  return bind(
      {.path = std::move(path),
       .type = KeyType::kChoice,
       .choices = choices,
       .fallback = std::move(fallback),
       .doc = std::move(doc)},
      field,
      [choices](const ValueReader& value) { return value.choice(choices); },
      [choices](auto content) { return make_node(choices.at(static_cast<std::size_t>(content))); });
}

template <typename Field>
KeyRow text_row(std::string path, std::string fallback, std::string doc, Field field) {
  return bind(
      {.path = std::move(path), .fallback = std::move(fallback), .doc = std::move(doc)},
      field,
      [](const ValueReader& value) { return value.text(); },
      [](const std::string& text) { return make_node(text); });
}

}  // namespace glimpse::experiments
