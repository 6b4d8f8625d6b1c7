#include "experiments/json/record_fields.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <variant>

#include "experiments/json/json_text.h"
#include "experiments/path_name.h"

namespace glimpse::experiments {
namespace {

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

template <std::size_t Digits>
bool has_hex_digits(std::string_view text) {
  return text.size() == Digits && is_hex(text);
}

// U+0080 to U+009F are control characters too; some terminals obey them.
bool has_control_characters(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool is_c1 = utf8.substr(i, 2) >= "\xC2\x80" && utf8.substr(i, 2) < "\xC2\xA0";
    if (byte < 0x20 || byte == 0x7F || is_c1) {
      return true;
    }
  }
  return false;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRecordNameBytes && !has_control_characters(text);
}

// The first byte that a string in JSON cannot hold: a zero, or what is no UTF-8.
std::size_t find_unfit(std::string_view bytes) {
  const std::size_t zero = bytes.find('\0');
  return find_bad_utf8(bytes.substr(0, zero)).value_or(zero);
}

// With U+FFFD for what does not fit, cut between two characters where it is too long.
std::string mended(std::string_view bytes) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  constexpr std::size_t kLongestCharacter = 4;  // so that none is torn before the real cut
  bytes = bytes.substr(0, kMaxMessageBytes + kLongestCharacter);
  std::string text;
  for (std::size_t unfit = find_unfit(bytes); unfit != std::string_view::npos;
       unfit = find_unfit(bytes)) {
    text.append(bytes.substr(0, unfit)).append(kReplacement);
    bytes.remove_prefix(unfit + 1);
  }
  text += bytes;
  std::size_t end = std::min(text.size(), kMaxMessageBytes);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

std::optional<std::string> read_text(const ValueReader& reader, const TextRule& rule) {
  std::optional<std::string> text = reader.text();
  if (text && !rule.accepts(*text)) {
    reader.refuse(std::string(rule.wanted));
    return std::nullopt;
  }
  return text;
}

void check_count(const ValueReader& reader, std::size_t count, std::size_t most) {
  if (count > most) {
    reader.complain(std::to_string(count) + " values are too many: at most " +
                    std::to_string(most));
  }
}

// Calls `take` with the members of an object of named values.
template <typename Take>
void read_members(const ValueReader& reader, Take take) {
  std::optional<ObjectReader> object = reader.object();
  if (!object) {
    return;
  }
  const auto members = object->members();
  check_count(reader, members.size(), kMaxRecordValues);
  for (const auto& [name, value] : members) {
    if (is_name(name)) {
      take(name, value);
    } else {
      value.complain_key("must be " + std::string(kNameRule.wanted));
    }
  }
}

double read_number(const ValueReader& reader) {
  if (!std::holds_alternative<double>(reader.node().value) &&
      !std::holds_alternative<std::nullptr_t>(reader.node().value)) {
    reader.refuse("a number, or null where it is not finite");
  }
  const double* number = std::get_if<double>(&reader.node().value);
  return number == nullptr ? std::numeric_limits<double>::quiet_NaN() : *number;
}

}  // namespace

// The rules below say these numbers in words.
static_assert(kMaxRecordNameBytes == 128 && kMaxRecordPathBytes == 4096 &&
              kMaxMessageBytes == 8192);

constinit const TextRule kRunRule{has_hex_digits<32>, "32 lower-case hex digits"};
constinit const TextRule kKeyRule{has_hex_digits<64>, "64 lower-case hex digits"};
constinit const TextRule kXxh3Rule{has_hex_digits<16>, "16 lower-case hex digits"};
constinit const TextRule kWeightsRule{
    [](std::string_view text) { return !text.empty() && text.size() <= 64 && is_hex(text); },
    "1 to 64 lower-case hex digits"};
constinit const TextRule kNameRule{is_name, "a name of 1 to 128 bytes without control characters"};
constinit const TextRule kFileRule{is_path_name, kPathNameRule};
constinit const TextRule kPathRule{
    [](std::string_view text) { return !text.empty() && text.size() <= kMaxRecordPathBytes; },
    "a path of 1 to 4096 bytes"};
constinit const TextRule kMessageRule{
    [](std::string_view text) { return text.size() <= kMaxMessageBytes; }, "at most 8192 bytes"};

std::optional<ValueReader> FieldReader::find(const std::string& key, Presence presence) {
  return presence == Presence::kNeeded ? object_->require(key) : object_->find(key);
}

void FieldReader::text(const std::string& key,
                       std::string& value,
                       const TextRule& rule,
                       Presence presence) {
  if (const auto field = find(key, presence)) {
    value = read_text(*field, rule).value_or(std::move(value));
  }
}

void FieldReader::real(const std::string& key, double& value, double min, double max) {
  if (const auto field = find(key, Presence::kNeeded)) {
    value = field->real(min, max).value_or(value);
  }
}

void FieldReader::whole(const std::string& key,
                        std::optional<std::int64_t>& value,
                        std::int64_t min,
                        std::int64_t max) {
  if (const auto field = find(key, Presence::kOptional)) {
    value = field->whole(min, max);
  }
}

void FieldReader::paths(const std::string& key, std::vector<std::string>& values) {
  const auto field = find(key, Presence::kOptional);
  if (!field) {
    return;
  }
  const std::size_t count = field->list().value_or(0);
  check_count(*field, count, kMaxRecordFolders);
  for (std::size_t i = 0; i < count; ++i) {
    if (auto path = read_text(field->item(i), kPathRule)) {
      values.push_back(std::move(*path));
    }
  }
}

void FieldReader::numbers(const std::string& key, NamedNumbers& values, Presence presence) {
  if (const auto field = find(key, presence)) {
    read_members(*field, [&](const std::string& name, const ValueReader& value) {
      values.emplace(name, read_number(value));
    });
  }
}

void FieldReader::scalars(const std::string& key, Assignment& values) {
  if (const auto field = find(key, Presence::kNeeded)) {
    read_members(*field, [&](const std::string& name, const ValueReader& value) {
      if (auto scalar = value.scalar()) {
        values.emplace(name, std::move(*scalar));
      }
    });
  }
}

void FieldWriter::text(const std::string& key,
                       const std::string& value,
                       const TextRule& /*rule*/,
                       Presence presence) {
  if (presence == Presence::kNeeded || !value.empty()) {
    json_->key(key).string(value);
  }
}

void FieldWriter::message(const std::string& key, const std::string& value) {
  json_->key(key).string(mended(value));
}

void FieldWriter::real(const std::string& key, double value, double /*min*/, double /*max*/) {
  json_->key(key).number(value);
}

void FieldWriter::whole(const std::string& key,
                        const std::optional<std::int64_t>& value,
                        std::int64_t /*min*/,
                        std::int64_t /*max*/) {
  if (value) {
    json_->key(key).integer(*value);
  }
}

void FieldWriter::paths(const std::string& key, const std::vector<std::string>& values) {
  if (values.empty()) {
    return;
  }
  json_->key(key).begin_array();
  for (const std::string& value : values) {
    json_->string(value);
  }
  json_->end_array();
}

void FieldWriter::numbers(const std::string& key, const NamedNumbers& values, Presence presence) {
  if (presence == Presence::kOptional && values.empty()) {
    return;
  }
  json_->key(key).begin_object();
  for (const auto& [name, value] : values) {
    json_->key(name).number(value);
  }
  json_->end_object();
}

void FieldWriter::scalars(const std::string& key, const Assignment& values) {
  json_->key(key).raw(render_json(values));
}

}  // namespace glimpse::experiments
