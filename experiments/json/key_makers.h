#pragma once

// Makers of rows for the table of keys, one for each type of value.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "experiments/json/key_row.h"
#include "experiments/json/object_reader.h"
#include "experiments/study.h"
#include "experiments/units.h"

namespace glimpse::experiments {

// Both ends included.
struct Span {
  double min;
  double max;
};

// `field` is a generic function from a study, const or not, to the member that the
// key fills: [](auto& study) -> auto& { return study.resources.cores; }. A member that is an
// optional is set only where the key is given.

// The member's type, and what it holds where it is an optional.
template <typename Field>
using FieldType = std::remove_cvref_t<std::invoke_result_t<Field, Study&>>;

template <typename T>
struct Unwrapped {
  using Type = T;
};
template <typename T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
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
  using Content = typename Unwrapped<FieldType<Field>>::Type;
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
KeyRow whole_row(const std::string& path,
                 Span span,
                 const std::string& fallback,
                 const std::string& doc,
                 Field field) {
  return bind(
      {.path = path,
       .type = KeyType::kWhole,
       .min = span.min,
       .max = span.max,
       .fallback = fallback,
       .doc = doc},
      field,
      [span](const ValueReader& value) {
        return value.whole(static_cast<std::int64_t>(span.min),
                           static_cast<std::int64_t>(span.max));
      },
      [](auto number) { return make_node(static_cast<double>(number)); });
}

template <typename Field>
KeyRow real_row(const std::string& path,
                Span span,
                const std::string& fallback,
                const std::string& doc,
                Field field) {
  return bind(
      {.path = path,
       .type = KeyType::kReal,
       .min = span.min,
       .max = span.max,
       .fallback = fallback,
       .doc = doc},
      field,
      [span](const ValueReader& value) { return value.real(span.min, span.max); },
      [](double number) { return make_node(number); });
}

template <typename Field>
KeyRow duration_row(const std::string& path,
                    Span seconds,
                    const std::string& fallback,
                    const std::string& doc,
                    Field field) {
  return bind(
      {.path = path,
       .type = KeyType::kDuration,
       .min = seconds.min,
       .max = seconds.max,
       .fallback = fallback,
       .doc = doc},
      field,
      [seconds](const ValueReader& value) { return value.duration(seconds.min, seconds.max); },
      [](double number) { return make_node(render_duration(number)); });
}

// The choices stand in the order of the enumeration.
template <typename Field>
KeyRow choice_row(const std::string& path,
                  const std::vector<std::string>& choices,
                  const std::string& fallback,
                  const std::string& doc,
                  Field field) {
  return bind(
      {.path = path,
       .type = KeyType::kChoice,
       .choices = choices,
       .fallback = fallback,
       .doc = doc},
      field,
      [choices](const ValueReader& value) { return value.choice(choices); },
      [choices](auto content) { return make_node(choices.at(static_cast<std::size_t>(content))); });
}

template <typename Field>
KeyRow text_row(const std::string& path,
                const std::string& fallback,
                const std::string& doc,
                Field field) {
  return bind(
      {.path = path, .fallback = fallback, .doc = doc},
      field,
      [](const ValueReader& value) { return value.text(); },
      [](const std::string& text) { return make_node(text); });
}

// Plain pointers, because the functions given to special_row() hold nothing.
using Read = void (*)(const ValueReader&, Study&);
using Write = std::optional<JsonNode> (*)(const Study&);

// For keys that no other maker fits.
KeyRow special_row(
    std::string path, KeyType type, std::string fallback, std::string doc, Read read, Write write);

// A section that is always there: without the key its rows have their defaults.
KeyRow section_row(std::string path, std::string doc);

template <typename Field>
KeyRow optional_section_row(std::string path, std::string doc, Field field) {
  KeyRow row = section_row(std::move(path), std::move(doc));
  row.fallback.clear();
  row.read = [field](const ValueReader&, Study& study) { field(study).emplace(); };
  row.write = [field](const Study& study) {
    return field(study) ? std::optional(JsonNode{.value = JsonMembers{}, .place = {}})
                        : std::nullopt;
  };
  return row;
}

// A text that says nothing where it is empty.
template <typename Field>
KeyRow optional_text_row(std::string path, std::string doc, Field field) {
  KeyRow row = text_row(std::move(path), "", std::move(doc), field);
  row.write = [field](const Study& study) {
    return field(study).empty() ? std::nullopt : std::optional(make_node(field(study)));
  };
  return row;
}

}  // namespace glimpse::experiments
