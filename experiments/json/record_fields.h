#pragma once

// The fields of a command or record in JSON. FieldReader and FieldWriter take the same calls, so a
// record is described once, and what is written cannot differ from what is read:
//
//   fields.whole("epoch", record.epoch, 1, kMaxEpoch);
//
// takes the epoch from an object, or puts it there. A reader complains and leaves the value as it
// was where it finds none that is allowed; a writer checks nothing, its text is read back. An
// optional field is left out where it is empty.

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/json/object_reader.h"
#include "experiments/json_writer.h"
#include "experiments/record.h"

namespace glimpse::experiments {

enum class Presence { kNeeded, kOptional };

// What a string has to look like.
struct TextRule {
  bool (*accepts)(std::string_view text);
  std::string_view wanted;
};

extern const TextRule kRunRule;
extern const TextRule kKeyRule;
extern const TextRule kXxh3Rule;
extern const TextRule kWeightsRule;
extern const TextRule kNameRule;
extern const TextRule kFileRule;
extern const TextRule kPathRule;
extern const TextRule kMessageRule;

class FieldReader {
 public:
  explicit FieldReader(ObjectReader& object) : object_(&object) {}

  void text(const std::string& key,
            std::string& value,
            const TextRule& rule,
            Presence presence = Presence::kNeeded);
  void message(const std::string& key, std::string& value) { text(key, value, kMessageRule); }
  void real(const std::string& key, double& value, double min, double max);
  void whole(const std::string& key,
             std::optional<std::int64_t>& value,
             std::int64_t min,
             std::int64_t max);
  template <std::integral Number>
  void whole(const std::string& key,
             Number& value,
             std::int64_t min,
             std::int64_t max,
             Presence presence = Presence::kNeeded) {
    if (const auto field = find(key, presence)) {
      value = static_cast<Number>(field->whole(min, max).value_or(static_cast<int64_t>(value)));
    }
  }
  // Names stand in the order of the enumeration.
  template <typename Enum>
  void choice(const std::string& key, Enum& value, std::span<const std::string> names) {
    if (const auto field = find(key, Presence::kNeeded)) {
      value = static_cast<Enum>(field->choice(names).value_or(static_cast<std::size_t>(value)));
    }
  }
  void paths(const std::string& key, std::vector<std::string>& values);
  void numbers(const std::string& key, NamedNumbers& values, Presence presence = Presence::kNeeded);
  void scalars(const std::string& key, Assignment& values);
  // `describe` is called with the fields of the object inside.
  template <typename Describe>
  void object(const std::string& key, Describe describe) {
    const auto field = find(key, Presence::kNeeded);
    if (auto inner = field ? field->object() : std::nullopt) {
      FieldReader fields(*inner);
      describe(fields);
      inner->finish();
    }
  }

 private:
  std::optional<ValueReader> find(const std::string& key, Presence presence);

  ObjectReader* object_;
};

class FieldWriter {
 public:
  explicit FieldWriter(JsonWriter& json) : json_(&json) {}

  void text(const std::string& key,
            const std::string& value,
            const TextRule& rule,
            Presence presence = Presence::kNeeded);
  void message(const std::string& key, const std::string& value);
  void real(const std::string& key, double value, double min, double max);
  void whole(const std::string& key,
             const std::optional<std::int64_t>& value,
             std::int64_t min,
             std::int64_t max);
  template <std::integral Number>
  void whole(const std::string& key,
             Number value,
             std::int64_t /*min*/,
             std::int64_t /*max*/,
             Presence /*presence*/ = Presence::kNeeded) {
    json_->key(key).integer(static_cast<std::int64_t>(value));
  }
  template <typename Enum>
  void choice(const std::string& key, Enum value, std::span<const std::string> names) {
    json_->key(key).string(names[static_cast<std::size_t>(value)]);
  }
  void paths(const std::string& key, const std::vector<std::string>& values);
  void numbers(const std::string& key,
               const NamedNumbers& values,
               Presence presence = Presence::kNeeded);
  void scalars(const std::string& key, const Assignment& values);
  template <typename Describe>
  void object(const std::string& key, Describe describe) {
    json_->key(key).begin_object();
    describe(*this);
    json_->end_object();
  }

 private:
  JsonWriter* json_;
};

}  // namespace glimpse::experiments
